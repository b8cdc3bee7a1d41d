-- Who appears with whom in one sentence?
-- sentences counts sentences and headlines that name both, articles those that have such a sentence. A pair stands
-- once.
-- topic: news
-- $since date = (SELECT max(day) - 29 FROM rollups.days): first day of first capture counted (UTC).
-- $until date = (SELECT max(day) FROM rollups.days): last such day.
-- $type person|organization|place|nationality|event = NULL:
--     pairs of two persons, … (person, organization, place, nationality or event).
-- $top integer = 20: rows shown.
WITH given AS (
    SELECT
        $since::DATE AS since,
        $until::DATE AS until,
        $type::VARCHAR AS type,
        $top::BIGINT AS top
),

pairs AS (
    SELECT
        d.left_id,
        d.right_id,
        sum(d.sentence_count)::BIGINT AS sentences,
        sum(d.article_count)::BIGINT AS articles
    FROM rollups.pair_days AS d
    CROSS JOIN given AS g
    WHERE d.day BETWEEN g.since AND g.until
    GROUP BY d.left_id, d.right_id
)

SELECT
    l.name,
    r.name AS with_name,
    p.sentences,
    p.articles,
    p.left_id AS entity_id,
    p.right_id AS with_id
FROM pairs AS p
JOIN entities AS l ON p.left_id = l.entity_id
JOIN entities AS r ON p.right_id = r.entity_id
CROSS JOIN given AS g
WHERE g.type IS NULL OR (l.entity_type = g.type AND r.entity_type = g.type)
ORDER BY p.sentences DESC, p.articles DESC, l.name, r.name, p.left_id, p.right_id
LIMIT (SELECT given.top FROM given);

-- Which names are no entity yet, and what could they be?
-- The most printed first. reason says why: ambiguous (several known entities bear it, and nothing tells them apart),
-- unsupported (known, but the article does not support it), lone_name (a surname or first name alone), stand_in (a
-- place that stands for a government) or part (of a longer name). could_be gives known entities with their ids.
-- topic: entities
-- $since date = (SELECT max(day) - 29 FROM rollups.days): first day of first capture counted (UTC).
-- $until date = (SELECT max(day) FROM rollups.days): last such day.
-- $type person|organization|place|nationality|event = NULL: person, organization, place, nationality or event alone.
-- $top integer = 20: rows shown.
WITH given AS (
    SELECT
        $since::DATE AS since,
        $until::DATE AS until,
        $type::VARCHAR AS type,
        $top::BIGINT AS top
),

open_names AS (
    SELECT
        t.name,
        t.entity_type,
        t.reason,
        list_distinct(flatten(list(t.candidates))) AS candidates,
        count(DISTINCT t.article_id) AS articles,
        sum(t.mention_count)::BIGINT AS mentions
    FROM article_entities AS t
    JOIN articles AS a ON t.article_id = a.article_id AND t.version = a.version
    JOIN article_versions AS f ON a.article_id = f.article_id AND f.version = 1
    CROSS JOIN given AS g
    WHERE
        t.entity_id IS NULL
        AND f.fetch_date BETWEEN g.since AND g.until
        AND (g.type IS NULL OR t.entity_type = g.type)
    GROUP BY t.name, t.entity_type, t.reason
    ORDER BY mentions DESC, articles DESC, t.name, t.entity_type, t.reason
    LIMIT (SELECT given.top FROM given)
),

possible AS (
    SELECT
        o.name,
        o.entity_type,
        o.reason,
        unnest(o.candidates) AS candidate
    FROM open_names AS o
)

SELECT
    o.name,
    o.entity_type,
    o.reason,
    o.articles,
    o.mentions,
    coalesce(
        list(DISTINCT concat_ws(' = ', p.candidate, e.name) ORDER BY concat_ws(' = ', p.candidate, e.name))
        FILTER (WHERE p.candidate IS NOT NULL),
        []
    ) AS could_be
FROM open_names AS o
LEFT JOIN possible AS p ON o.name = p.name AND o.entity_type = p.entity_type AND o.reason = p.reason
LEFT JOIN entities AS e ON p.candidate = e.entity_id
GROUP BY o.name, o.entity_type, o.reason, o.articles, o.mentions
ORDER BY o.mentions DESC, o.articles DESC, o.name, o.entity_type, o.reason;

-- Which people and organizations stand together in one sentence? The strongest pairs, thirty names at most.
WITH counted AS (
    SELECT
        left_id,
        right_id,
        sum(article_count)::BIGINT AS article_count,
        sum(sentence_count)::BIGINT AS sentence_count
    FROM rollups.pair_days
    WHERE day BETWEEN $first AND $last
    GROUP BY left_id, right_id
),

pairs AS (
    SELECT
        c.*,
        l.name AS left_name,
        l.entity_type AS left_type,
        r.name AS right_name,
        r.entity_type AS right_type,
        row_number() OVER (ORDER BY c.article_count DESC, c.sentence_count DESC, c.left_id, c.right_id) AS place
    FROM counted AS c
    JOIN entities AS l ON c.left_id = l.entity_id
    JOIN entities AS r ON c.right_id = r.entity_id
    WHERE
        l.entity_type IN ('person', 'organization')
        AND r.entity_type IN ('person', 'organization')
),

-- Names in the order in which the strongest pairs bring them.
names AS (
    SELECT
        entity_id,
        min(place) AS place
    FROM (
        SELECT left_id AS entity_id, place FROM pairs
        UNION ALL
        SELECT right_id AS entity_id, place FROM pairs
    ) AS ends
    GROUP BY entity_id
    ORDER BY place, entity_id
    LIMIT 30
)

SELECT
    p.left_name,
    p.left_type,
    p.right_name,
    p.right_type,
    p.article_count,
    p.sentence_count,
    p.left_id,
    p.right_id
FROM pairs AS p
WHERE
    p.left_id IN (SELECT n.entity_id FROM names AS n)
    AND p.right_id IN (SELECT n.entity_id FROM names AS n)
ORDER BY p.place
LIMIT 60;

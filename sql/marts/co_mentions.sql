CREATE OR REPLACE VIEW mart.co_mentions AS
WITH named AS (
    SELECT DISTINCT m.article_id, m.version, m.in_headline, m.sentence_no, m.entity_id
    FROM mentions AS m
    JOIN articles AS a ON m.article_id = a.article_id AND m.version = a.version
    WHERE m.entity_id IS NOT NULL
)

SELECT
    l.entity_id AS left_id,
    el.name AS left_name,
    r.entity_id AS right_id,
    er.name AS right_name,
    count(*) AS sentence_count,
    count(DISTINCT l.article_id) AS article_count
FROM named AS l
JOIN named AS r
    ON
        l.article_id = r.article_id AND l.version = r.version AND l.in_headline = r.in_headline
        AND l.sentence_no = r.sentence_no AND l.entity_id < r.entity_id
JOIN entities AS el ON l.entity_id = el.entity_id
JOIN entities AS er ON r.entity_id = er.entity_id
GROUP BY ALL;

COMMENT ON VIEW mart.co_mentions IS 'One row a pair of entities that stand in one sentence of a current article.';

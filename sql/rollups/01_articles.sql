-- Current articles, each on the day of its first capture, under who wrote it, else who carries it.
CREATE OR REPLACE TEMP VIEW counted_articles AS
SELECT
    a.article_id,
    a.version,
    coalesce(a.publisher_id, a.source_id) AS outlet_id,
    f.fetch_date AS day,
    f.valid_from AS first_captured,
    hash(a.article_id, coalesce(a.publisher_id, a.source_id), f.valid_from) AS article_state
FROM articles AS a
JOIN article_versions AS f ON a.article_id = f.article_id AND f.version = 1;

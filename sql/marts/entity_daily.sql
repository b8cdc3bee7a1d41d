CREATE OR REPLACE VIEW mart.entity_daily AS
SELECT
    e.entity_id,
    e.name,
    e.entity_type,
    e.country,
    a.fetch_date AS day,
    count(*) AS mention_count,
    count(DISTINCT a.article_id) AS article_count,
    count(DISTINCT coalesce(a.publisher_id, a.source_id)) AS publisher_count
FROM mentions AS m
JOIN articles AS a ON m.article_id = a.article_id AND m.version = a.version
JOIN entities AS e ON m.entity_id = e.entity_id
GROUP BY ALL;

COMMENT ON VIEW mart.entity_daily IS 'One row an entity and day of capture: how much of the news names it.';

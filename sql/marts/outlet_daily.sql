CREATE OR REPLACE VIEW mart.outlet_daily AS
SELECT
    coalesce(a.publisher_id, a.source_id) AS outlet_id,
    any_value(s.name) AS outlet,
    a.fetch_date AS day,
    count(*) AS article_count,
    count(*) FILTER (WHERE a.version > 1) AS edited_count,
    count(*) FILTER (WHERE a.date_published IS NULL) AS undated_count,
    sum(a.word_count) AS word_count
FROM articles AS a
LEFT JOIN sources AS s ON coalesce(a.publisher_id, a.source_id) = s.source_id
GROUP BY ALL;

COMMENT ON VIEW mart.outlet_daily IS 'One row an outlet (who wrote it, else who carries it) and day of capture.';

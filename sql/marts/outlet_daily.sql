CREATE OR REPLACE VIEW mart.outlet_daily AS
SELECT
    coalesce(a.publisher_id, a.source_id) AS outlet_id,
    any_value(s.name) AS outlet,
    f.fetch_date AS day,
    count(*) AS article_count,
    count(*) FILTER (WHERE a.version > 1) AS edited_count,
    count(*) FILTER (WHERE a.date_published IS NULL) AS undated_count,
    sum(a.word_count)::BIGINT AS word_count
FROM main.articles AS a
JOIN main.article_versions AS f ON a.article_id = f.article_id AND f.version = 1
LEFT JOIN main.sources AS s ON coalesce(a.publisher_id, a.source_id) = s.source_id
GROUP BY coalesce(a.publisher_id, a.source_id), f.fetch_date;

COMMENT ON VIEW mart.outlet_daily IS
'One row an outlet (who wrote it, else who carries it) and day of first capture. Days without an article of it have no row.';
COMMENT ON COLUMN mart.outlet_daily.outlet_id IS 'Who wrote the articles, else who carries them; references sources.';
COMMENT ON COLUMN mart.outlet_daily.outlet IS 'Name of the outlet; NULL where sources does not have it.';
COMMENT ON COLUMN mart.outlet_daily.day IS 'Day (UTC) on which the articles were first captured.';
COMMENT ON COLUMN mart.outlet_daily.article_count IS 'Articles. Each has one day and one outlet, so that they may be summed.';
COMMENT ON COLUMN mart.outlet_daily.edited_count IS 'Of these, articles of which there is a later version, whoever made it: mart.article_changes tells edits from new readings.';
COMMENT ON COLUMN mart.outlet_daily.undated_count IS 'Of these, articles whose current version states no date of publication.';
COMMENT ON COLUMN mart.outlet_daily.word_count IS 'Words of their current versions (characters for scripts without spaces); NULL where none are counted.';

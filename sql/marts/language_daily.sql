CREATE OR REPLACE VIEW mart.language_daily AS
SELECT
    f.fetch_date AS day,
    a.in_language,
    count(*) AS article_count,
    count(DISTINCT coalesce(a.publisher_id, a.source_id)) AS publisher_count,
    sum(a.word_count)::BIGINT AS word_count,
    count(*) / sum(count(*)) OVER (PARTITION BY f.fetch_date) AS share_of_day
FROM main.articles AS a
JOIN main.article_versions AS f ON a.article_id = f.article_id AND f.version = 1
GROUP BY f.fetch_date, a.in_language;

COMMENT ON VIEW mart.language_daily IS
'One row a day of first capture and a language of the text (NULL: not told): articles, publishers, words, and the share of the day.';
COMMENT ON COLUMN mart.language_daily.day IS 'Day (UTC) on which the articles were first captured.';
COMMENT ON COLUMN mart.language_daily.in_language IS 'ISO 639-1 code of the body''s language; NULL where it could not be told.';
COMMENT ON COLUMN mart.language_daily.article_count IS 'Articles, by the language of their current version.';
COMMENT ON COLUMN mart.language_daily.publisher_count IS 'Outlets (who wrote it, else who carries it) of these articles. Not to be summed: one may write in several languages.';
COMMENT ON COLUMN mart.language_daily.word_count IS 'Words of these articles (characters for scripts without spaces); NULL where none are counted.';
COMMENT ON COLUMN mart.language_daily.share_of_day IS 'Of the day''s articles, the share in this language, above 0 to 1; a day''s shares add up to 1.';

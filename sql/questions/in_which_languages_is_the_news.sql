-- In which languages is the news written, day by day?
-- share is of the day's articles; in_language is the language of the text as it was recognised, NULL where it was not.
-- topic: news
-- $since date = (SELECT max(day) - 6 FROM rollups.days): first day of first capture counted (UTC).
-- $until date = (SELECT max(day) FROM rollups.days): last such day.
-- $language text = NULL: one language alone, as en.
WITH given AS (
    SELECT
        $since::DATE AS since,
        $until::DATE AS until,
        $language::VARCHAR AS language
)

SELECT
    l.day,
    l.in_language,
    l.article_count AS articles,
    round(l.share_of_day, 4) AS share,
    l.publisher_count AS publishers,
    l.word_count::BIGINT AS words
FROM mart.language_daily AS l
CROSS JOIN given AS g
WHERE l.day BETWEEN g.since AND g.until AND (g.language IS NULL OR l.in_language = lower(g.language))
ORDER BY l.day DESC, articles DESC, l.in_language NULLS LAST;

-- In which languages was the news written?
-- Without in_language: not told, or at place 7 all others.
WITH counted AS (
    SELECT
        date_trunc($unit, day)::DATE AS day,
        in_language,
        sum(article_count)::BIGINT AS article_count
    FROM mart.language_daily
    WHERE day BETWEEN $first AND $last
    GROUP BY date_trunc($unit, day), in_language
),

ranked AS (
    SELECT
        in_language,
        least(row_number() OVER (ORDER BY sum(article_count) DESC, in_language), 7) AS place
    FROM counted
    GROUP BY in_language
)

SELECT
    c.day,
    r.place,
    CASE WHEN r.place < 7 THEN c.in_language END AS in_language,
    sum(c.article_count)::BIGINT AS article_count
FROM counted AS c
JOIN ranked AS r ON c.in_language IS NOT DISTINCT FROM r.in_language
GROUP BY ALL
ORDER BY c.day, r.place;

-- Which countries do the outlets write from, and do they write of themselves?
-- share is of all articles; about_itself is, of the mentions in them whose country is known, the share of the outlet's
-- own country. country is NULL where nobody has noted where an outlet is based (sources.country).
-- topic: outlets
-- $since date = (SELECT max(day) - 29 FROM rollups.days): first day of first capture counted (UTC).
-- $until date = (SELECT max(day) FROM rollups.days): last such day.
WITH given AS (
    SELECT
        $since::DATE AS since,
        $until::DATE AS until
),

written AS (
    SELECT
        s.country,
        count(DISTINCT o.outlet_id) AS outlets,
        sum(o.article_count)::BIGINT AS articles,
        sum(o.word_count)::BIGINT AS words
    FROM mart.outlet_daily AS o
    LEFT JOIN sources AS s ON o.outlet_id = s.source_id
    CROSS JOIN given AS g
    WHERE o.day BETWEEN g.since AND g.until
    GROUP BY s.country
),

named AS (
    SELECT
        s.country,
        sum(d.mention_count) FILTER (WHERE e.country = s.country) / sum(d.mention_count) AS about_itself
    FROM rollups.entity_outlet_days AS d
    JOIN entities AS e ON d.entity_id = e.entity_id
    JOIN sources AS s ON d.outlet_id = s.source_id
    CROSS JOIN given AS g
    WHERE d.day BETWEEN g.since AND g.until AND e.country IS NOT NULL AND s.country IS NOT NULL
    GROUP BY s.country
)

SELECT
    w.country,
    w.outlets,
    w.articles,
    round(w.articles / sum(w.articles) OVER (), 4) AS share,
    w.words,
    round(n.about_itself, 4) AS about_itself
FROM written AS w
LEFT JOIN named AS n ON w.country = n.country
ORDER BY w.articles DESC, w.country NULLS LAST;

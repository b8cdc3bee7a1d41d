-- Which sources went quiet? The seven days up to the last one, against the source's own four weeks before.
-- Quietest first; sources, quiet_sources and new_sources count all of them, not only the rows shown.
WITH firsts AS (
    SELECT
        f.source_id,
        min(v.fetch_date) AS first_day,
        max(v.fetch_date) AS last_day,
        count(*) FILTER (WHERE v.fetch_date > $last - 7) AS articles_7d,
        count(*) FILTER (WHERE v.fetch_date > $last - 35 AND v.fetch_date <= $last - 7) AS articles_before
    FROM article_versions AS v
    JOIN raw.fetches AS f ON v.fetch_id = f.fetch_id
    WHERE v.version = 1 AND v.fetch_date <= $last
    GROUP BY f.source_id
),

compared AS (
    SELECT
        s.source_id,
        s.name,
        f.last_day,
        $last - f.last_day AS days_silent,
        coalesce(f.articles_7d, 0) AS articles_7d,
        f.articles_before / nullif(least(28, greatest(0, $last - 6 - f.first_day)) / 7, 0) AS usual_7d
    FROM sources AS s
    LEFT JOIN firsts AS f ON s.source_id = f.source_id
    WHERE f.source_id IS NOT NULL OR s.origin = 'configured'
),

judged AS (
    SELECT
        *,
        CASE
            WHEN last_day IS NULL THEN 'nothing yet'
            WHEN articles_7d = 0 THEN 'silent'
            WHEN usual_7d IS NULL THEN 'new'
            WHEN articles_7d < usual_7d / 2 THEN 'below half'
            WHEN articles_7d > usual_7d * 2 THEN 'above double'
            ELSE 'as usual'
        END AS state
    FROM compared
)

SELECT
    source_id,
    name,
    state,
    last_day,
    days_silent,
    articles_7d,
    usual_7d,
    count(*) OVER () AS sources,
    count(*) FILTER (WHERE state IN ('silent', 'below half', 'nothing yet')) OVER () AS quiet_sources,
    count(*) FILTER (WHERE state = 'new') OVER () AS new_sources
FROM judged
ORDER BY
    array_position(['silent', 'below half', 'nothing yet', 'above double', 'new', 'as usual'], state),
    articles_7d / nullif(usual_7d, 0),
    articles_7d DESC,
    source_id
LIMIT 25;

-- Which sources give articles without a date?
-- A date that no page states stays NULL: it is never taken from the time of capture. share is of the source's articles.
-- topic: articles
-- $since date = (SELECT max(day) - 29 FROM rollups.days): first day of first capture counted (UTC).
-- $until date = (SELECT max(day) FROM rollups.days): last such day.
-- $source text = NULL: one source alone: its id or name.
-- $top integer = 20: rows shown.
WITH given AS (
    SELECT
        $since::DATE AS since,
        $until::DATE AS until,
        $source::VARCHAR AS source,
        $top::BIGINT AS top
),

counted AS (
    SELECT
        a.source_id,
        coalesce(s.name, a.source_id) AS source,
        count(*) AS articles,
        count(*) FILTER (WHERE a.date_published IS NULL) AS undated,
        -- Whole, since an article without a headline is an example as well.
        min(struct_pack(at := a.valid_from, article_id := a.article_id, headline := a.headline))
        FILTER (WHERE a.date_published IS NULL) AS example
    FROM articles AS a
    JOIN article_versions AS f ON a.article_id = f.article_id AND f.version = 1
    LEFT JOIN sources AS s ON a.source_id = s.source_id
    CROSS JOIN given AS g
    WHERE
        f.fetch_date BETWEEN g.since AND g.until
        AND (g.source IS NULL OR lower(strip_accents(g.source)) IN (a.source_id, lower(strip_accents(s.name))))
    GROUP BY s.name, a.source_id
)

SELECT
    c.source,
    c.articles,
    c.undated,
    round(c.undated / c.articles, 3) AS share,
    c.example.headline AS for_example,
    c.example.article_id,
    c.source_id
FROM counted AS c
WHERE c.undated > 0
ORDER BY c.undated DESC, share DESC, c.source_id
LIMIT (SELECT given.top FROM given);

-- Which changes of a text did the publisher not announce?
-- Versions whose body the publisher changed. announced is true where the page's own date of change moved on with it.
-- The unannounced stand first, the largest change of length before the others.
-- topic: articles
-- $since date = (SELECT max(fetch_date) - 29 FROM article_versions): first day on which a change was captured (UTC).
-- $until date = (SELECT max(fetch_date) FROM article_versions): last such day.
-- $outlet text = NULL: one outlet alone: its id, name or domain; case and accents don't count.
-- $silent_only boolean = FALSE: the announced are left out.
-- $top integer = 50: rows shown.
WITH given AS (
    SELECT
        $since::DATE AS since,
        $until::DATE AS until,
        $outlet::VARCHAR AS outlet,
        $silent_only::BOOLEAN AS silent_only,
        $top::BIGINT AS top
),

edits AS (
    SELECT
        c.*,
        v.date_modified AS states_changed_at,
        CASE
            WHEN v.date_modified IS NULL THEN FALSE
            WHEN p.date_modified IS NULL THEN TRUE
            ELSE v.date_modified > p.date_modified
        END AS announced
    FROM mart.article_changes AS c
    JOIN article_versions AS v ON c.article_id = v.article_id AND c.version = v.version
    JOIN article_versions AS p ON c.article_id = p.article_id AND c.version = p.version + 1
    WHERE c.change_kind = 'publisher_edit' AND c.body_changed
)

SELECT
    c.changed_at,
    coalesce(s.name, c.outlet_id) AS outlet,
    c.announced,
    c.states_changed_at,
    c.headline_changed,
    c.words_before,
    c.words_after - c.words_before AS words_more,
    c.headline_after AS headline,
    c.url,
    c.article_id,
    c.version
FROM edits AS c
LEFT JOIN sources AS s ON c.outlet_id = s.source_id
CROSS JOIN given AS g
WHERE
    (c.changed_at AT TIME ZONE 'UTC')::DATE BETWEEN g.since AND g.until
    AND NOT (g.silent_only AND c.announced)
    AND (
        g.outlet IS NULL
        OR lower(strip_accents(g.outlet)) IN (c.outlet_id, lower(s.domain), lower(strip_accents(s.name)))
    )
ORDER BY c.announced, abs(words_more) DESC, c.changed_at DESC, c.article_id, c.version
LIMIT (SELECT given.top FROM given);

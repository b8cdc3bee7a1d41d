-- What did publishers change after publication?
-- One row a version that the publisher changed (not one that we read anew). changed lists what: headline, body, date,
-- authors. hours_later counts from the capture of the version before.
-- topic: articles
-- $since date = (SELECT max(fetch_date) - 29 FROM article_versions): first day on which a change was captured (UTC).
-- $until date = (SELECT max(fetch_date) FROM article_versions): last such day.
-- $outlet text = NULL: one outlet alone: its id, name or domain; case and accents don't count.
-- $changed headline|body|date|authors = NULL: changes of the headline, body, date or authors alone.
-- $top integer = 50: rows shown.
WITH given AS (
    SELECT
        $since::DATE AS since,
        $until::DATE AS until,
        $outlet::VARCHAR AS outlet,
        $changed::VARCHAR AS changed,
        $top::BIGINT AS top
),

edits AS (
    SELECT
        *,
        concat_ws(
            ', ',
            CASE WHEN headline_changed THEN 'headline' END,
            CASE WHEN body_changed THEN 'body' END,
            CASE WHEN date_changed THEN 'date' END,
            CASE WHEN authors_changed THEN 'authors' END
        ) AS parts
    FROM mart.article_changes
    WHERE change_kind = 'publisher_edit'
)

SELECT
    c.changed_at,
    coalesce(s.name, c.outlet_id) AS outlet,
    c.parts AS changed,
    round(epoch(c.after_time) / 3600, 1) AS hours_later,
    c.headline_before,
    c.headline_after,
    c.words_after - c.words_before AS words_more,
    c.url,
    c.article_id,
    c.version
FROM edits AS c
LEFT JOIN sources AS s ON c.outlet_id = s.source_id
CROSS JOIN given AS g
WHERE
    (c.changed_at AT TIME ZONE 'UTC')::DATE BETWEEN g.since AND g.until
    AND (g.changed IS NULL OR contains(c.parts, lower(g.changed)))
    AND (
        g.outlet IS NULL
        OR lower(strip_accents(g.outlet)) IN (c.outlet_id, lower(s.domain), lower(strip_accents(s.name)))
    )
ORDER BY c.changed_at DESC, c.article_id, c.version
LIMIT (SELECT given.top FROM given);

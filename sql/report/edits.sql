-- What was changed after publication? New headlines first, the latest first; edits counts all, not only the rows shown.
SELECT
    coalesce(s.name, c.outlet_id) AS outlet,
    c.changed_at,
    c.after_time,
    c.headline_before,
    c.headline_after,
    c.headline_changed,
    c.body_changed,
    c.words_before,
    c.words_after,
    c.article_id,
    c.version,
    count(*) OVER () AS edits
FROM mart.article_changes AS c
LEFT JOIN sources AS s ON c.outlet_id = s.source_id
WHERE c.change_kind = 'publisher_edit' AND c.changed_at::DATE BETWEEN $first AND $last
ORDER BY c.headline_changed DESC, c.changed_at DESC, c.article_id, c.version
LIMIT 12;

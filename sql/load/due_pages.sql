-- Pages of the chosen sources, and those asked for by name, that may be asked for now, at most $per_site a site: what
-- was never captured before what is only looked at again, the newest first.
-- Parameters: $sources, $pages, $now, $per_site.
SELECT
    p.page_id, p.source_id, p.url, p.site, p.feed_id, p.entry_id, p.state, p.attempts, p.first_seen_at,
    p.next_fetch_at, p.checked_at, p.captured_at, p.capture_count, p.etag, p.last_modified, p.payload_sha256,
    p.canonical_page_id, p.last_status,
    e.content_path
FROM raw.pages AS p
LEFT JOIN raw.feed_entries AS e ON p.entry_id = e.entry_id
WHERE (list_contains($sources, p.source_id) OR list_contains($pages, p.page_id)) AND p.next_fetch_at <= $now
QUALIFY
    row_number() OVER (
        PARTITION BY p.site
        ORDER BY
            p.capture_count > 0, coalesce(e.date_published, e.date_modified) DESC NULLS LAST, p.first_seen_at,
            p.page_id
    ) <= $per_site
ORDER BY
    p.capture_count > 0, coalesce(e.date_published, e.date_modified) DESC NULLS LAST, p.first_seen_at, p.page_id;

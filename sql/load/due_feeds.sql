-- Feeds and sitemaps of the chosen sources that may be polled now. Parameters: $sources, $now, $force.
SELECT
    feed_id, source_id, kind, url, parent_id, title, etag, last_modified, payload_sha256, polled_at, next_fetch_at,
    failures, poll_minutes, new_per_day, entry_count, last_status, last_success_at, last_new_at
FROM raw.feeds
WHERE
    list_contains($sources, source_id)
    AND (next_fetch_at <= $now OR ($force AND next_fetch_at IS NOT NULL))
ORDER BY next_fetch_at NULLS FIRST, feed_id;

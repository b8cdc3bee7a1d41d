-- Feeds and sitemaps of a source that its location does not name any more, itself or through an index: polled no more.
-- Parameters: $source, $feed (the one that its location names), $now.
WITH RECURSIVE listed AS (
    SELECT $feed AS feed_id
    UNION
    SELECT f.feed_id
    FROM raw.feeds AS f
    JOIN listed AS l ON f.parent_id = l.feed_id
)

UPDATE raw.feeds
SET
    next_fetch_at = CASE WHEN feed_id = $feed THEN $now END,
    last_status = CASE WHEN feed_id = $feed THEN last_status ELSE 'unlisted: sources.yaml names another address' END
WHERE
    source_id = $source
    AND (
        (feed_id = $feed AND next_fetch_at IS NULL)
        OR (next_fetch_at IS NOT NULL AND feed_id NOT IN (SELECT l.feed_id FROM listed AS l))
    );

-- Entries of one poll, in the temporary table stated, into raw.feed_entries and raw.pages. One transaction.
-- Variables: now, run_id, max_captures.

-- A page has changed, or its feed says so: the one that named it first says something else than before. What others say
-- of it is kept, and moves nothing: a sitemap beside a feed states less, and two feeds would take turns.
CREATE OR REPLACE TEMP TABLE restated AS
SELECT s.page_id, s.entry_id
FROM stated AS s
JOIN raw.pages AS p ON s.page_id = p.page_id AND s.feed_id = p.feed_id
WHERE s.entry_id NOT IN (SELECT e.entry_id FROM raw.feed_entries AS e);

CREATE OR REPLACE TEMP TABLE fresh_pages AS
SELECT s.*
FROM stated AS s
WHERE s.page_id NOT IN (SELECT p.page_id FROM raw.pages AS p);

-- The address that a captured page names as its canonical one shows the same article: it is not asked for.
INSERT INTO raw.pages BY NAME
WITH canonical AS (
    SELECT canonical_page_id, min(page_id) AS page_id
    FROM raw.pages
    WHERE state = 'captured'
    GROUP BY canonical_page_id
)

SELECT
    f.page_id,
    f.source_id,
    f.page_url AS url,
    f.site,
    f.feed_id,
    f.entry_id,
    if(c.page_id IS NULL, 'waiting', 'same') AS state,
    0 AS attempts,
    getvariable('now') AS first_seen_at,
    if(c.page_id IS NULL, getvariable('now'), NULL) AS next_fetch_at,
    0 AS capture_count,
    c.page_id AS canonical_page_id,
    getvariable('run_id') AS run_id
FROM fresh_pages AS f
LEFT JOIN canonical AS c ON f.page_id = c.canonical_page_id;

INSERT INTO raw.feed_entries BY NAME
SELECT
    s.* EXCLUDE (site, page_url),
    getvariable('now') AS first_seen_at,
    getvariable('run_id') AS run_id
FROM stated AS s
WHERE s.entry_id NOT IN (SELECT e.entry_id FROM raw.feed_entries AS e);

UPDATE raw.pages AS p
SET
    entry_id = r.entry_id,
    attempts = 0,
    state = if(p.capture_count > 0, p.state, 'waiting'),
    next_fetch_at = least(coalesce(p.next_fetch_at, getvariable('now')), getvariable('now')),
    run_id = getvariable('run_id')
FROM restated AS r
WHERE p.page_id = r.page_id AND p.state <> 'same' AND p.capture_count < getvariable('max_captures');

-- A page that waits, of which nothing but its address was stated so far, gets the statement that says more.
UPDATE raw.pages AS p
SET entry_id = s.entry_id
FROM stated AS s, raw.feed_entries AS e
WHERE
    p.page_id = s.page_id AND p.entry_id = e.entry_id AND p.capture_count = 0
    AND e.title IS NULL AND s.title IS NOT NULL;

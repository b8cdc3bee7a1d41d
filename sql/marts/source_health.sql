CREATE OR REPLACE VIEW mart.source_health AS
WITH captures AS (
    SELECT
        source_id,
        count(*) FILTER (WHERE outcome = 'captured' AND kind NOT IN ('feed', 'sitemap')) AS captures,
        count(*) FILTER (WHERE outcome IN ('failed', 'rejected')) AS failed,
        count(*) FILTER (WHERE outcome = 'refused') AS refused,
        max(fetched_at) FILTER (WHERE outcome = 'captured') AS last_capture_at
    FROM raw.fetches
    GROUP BY source_id
),

errors AS (
    SELECT
        source_id,
        map_from_entries(list(row(code, requests) ORDER BY code)) AS errors
    FROM (
        SELECT
            source_id,
            string_split(outcome_reason, ':')[1] AS code,
            count(*) AS requests
        FROM raw.fetches
        WHERE outcome <> 'captured'
        GROUP BY ALL
    ) AS by_code
    GROUP BY source_id
),

fates AS (
    SELECT
        source_id,
        count(DISTINCT article_id) FILTER (WHERE fate = 'kept') AS articles,
        count(*) FILTER (WHERE fate = 'quarantined') AS quarantined,
        count(*) FILTER (WHERE fate = 'skipped' AND kind NOT IN ('feed', 'sitemap')) AS skipped
    FROM mart.capture_fates
    GROUP BY source_id
),

-- An article counts for the source through which it was first captured, on the day of that capture.
firsts AS (
    SELECT
        f.source_id,
        f.fetched_at,
        v.date_published,
        v.date_published > f.fetched_at + INTERVAL 1 DAY AS is_in_future
    FROM main.article_versions AS v
    JOIN raw.fetches AS f ON v.fetch_id = f.fetch_id
    WHERE v.version = 1
),

dates AS (
    SELECT
        source_id,
        count(*) FILTER (WHERE date_published IS NULL) AS dates_missing,
        count(*) FILTER (WHERE is_in_future) AS dates_in_future,
        count(*) FILTER (WHERE fetched_at > now() - INTERVAL 1 DAY) AS seen_last_day,
        max(fetched_at) AS last_article_at
    FROM firsts
    GROUP BY source_id
),

-- What is usual: the median of the days from the source's first one on, within four weeks, days without any included.
days AS (
    SELECT
        source_id,
        unnest(
            generate_series(
                greatest((min(fetched_at) AT TIME ZONE 'UTC')::DATE, (now() AT TIME ZONE 'UTC')::DATE - 28),
                (now() AT TIME ZONE 'UTC')::DATE - 1,
                INTERVAL 1 DAY
            )
        )::DATE AS day
    FROM firsts
    GROUP BY source_id
),

expected AS (
    SELECT
        d.source_id,
        median(d.articles) AS expected_per_day
    FROM (
        SELECT
            days.source_id,
            days.day,
            count(f.source_id) AS articles
        FROM days
        LEFT JOIN firsts AS f ON days.source_id = f.source_id AND days.day = (f.fetched_at AT TIME ZONE 'UTC')::DATE
        GROUP BY ALL
    ) AS d
    GROUP BY d.source_id
),

feeds AS (
    SELECT
        source_id,
        count(*) AS feeds,
        max(failures) AS failure_score,
        max(last_success_at) AS last_poll_at,
        min(next_fetch_at) AS next_poll_at,
        max_by(last_status, polled_at) AS last_poll_status
    FROM raw.feeds
    GROUP BY source_id
),

pages AS (
    SELECT
        source_id,
        count(*) FILTER (WHERE state = 'waiting') AS pages_waiting,
        count(*) FILTER (WHERE state = 'given_up') AS pages_given_up,
        max(checked_at) FILTER (WHERE last_status IN ('ok', 'unchanged')) AS last_page_at
    FROM raw.pages
    GROUP BY source_id
)

SELECT
    s.source_id,
    s.name,
    coalesce(c.captures, 0) AS captures,
    coalesce(a.articles, 0) AS articles,
    coalesce(a.quarantined, 0) AS quarantined,
    coalesce(a.skipped, 0) AS skipped,
    coalesce(c.failed, 0) AS failed,
    coalesce(c.refused, 0) AS refused,
    e.errors,
    greatest(c.last_capture_at, f.last_poll_at, p.last_page_at) AS last_success_at,
    d.last_article_at,
    x.expected_per_day,
    coalesce(d.seen_last_day, 0) AS seen_last_day,
    coalesce(d.dates_missing, 0) AS dates_missing,
    coalesce(d.dates_in_future, 0) AS dates_in_future,
    coalesce(f.feeds, 0) AS feeds,
    f.failure_score,
    f.last_poll_status,
    f.next_poll_at,
    coalesce(p.pages_waiting, 0) AS pages_waiting,
    coalesce(p.pages_given_up, 0) AS pages_given_up
FROM main.sources AS s
LEFT JOIN captures AS c ON s.source_id = c.source_id
LEFT JOIN errors AS e ON s.source_id = e.source_id
LEFT JOIN fates AS a ON s.source_id = a.source_id
LEFT JOIN dates AS d ON s.source_id = d.source_id
LEFT JOIN expected AS x ON s.source_id = x.source_id
LEFT JOIN feeds AS f ON s.source_id = f.source_id
LEFT JOIN pages AS p ON s.source_id = p.source_id
WHERE s.origin = 'configured';

COMMENT ON VIEW mart.source_health IS
'One row a source of sources.yaml: what it gave, what failed and why, when it last answered, its usual volume against the last day''s, dates missing or in the future, what waits.';
COMMENT ON COLUMN mart.source_health.source_id IS 'Source; references sources.';
COMMENT ON COLUMN mart.source_health.name IS 'Name of the source.';
COMMENT ON COLUMN mart.source_health.captures IS 'Captures of pages, files and feeds'' texts, of all days; answers of feeds and sitemaps themselves left out.';
COMMENT ON COLUMN mart.source_health.articles IS 'Articles that the captures belong to.';
COMMENT ON COLUMN mart.source_health.quarantined IS 'Captures that are held in quarantine.';
COMMENT ON COLUMN mart.source_health.skipped IS 'Captures that were recorded as no article of their own (nothing new, a list, no text); answers of feeds and sitemaps left out.';
COMMENT ON COLUMN mart.source_health.failed IS 'Requests that gave nothing usable, and inputs that could not be used.';
COMMENT ON COLUMN mart.source_health.refused IS 'Requests that were not made: robots rules, or an address that is not public.';
COMMENT ON COLUMN mart.source_health.errors IS 'Code of an error -> requests that ended so, of all days; NULL where there was none.';
COMMENT ON COLUMN mart.source_health.last_success_at IS 'When it last gave or answered anything: a capture, a poll, a page; NULL where it never did.';
COMMENT ON COLUMN mart.source_health.last_article_at IS 'When an article was last captured for the first time; NULL where none was.';
COMMENT ON COLUMN mart.source_health.expected_per_day IS 'Median of the articles a day (UTC) that it gave first, of the 28 days before today or since its first; NULL where it has none before today.';
COMMENT ON COLUMN mart.source_health.seen_last_day IS 'Articles that it gave first in the 24 hours before the query.';
COMMENT ON COLUMN mart.source_health.dates_missing IS 'Articles that it gave first whose first version states no date of publication.';
COMMENT ON COLUMN mart.source_health.dates_in_future IS 'Of the articles that it gave first, those that state a date more than a day after their capture.';
COMMENT ON COLUMN mart.source_health.feeds IS 'Feeds and sitemaps that are polled.';
COMMENT ON COLUMN mart.source_health.failure_score IS 'Highest failure score of these: 0 is healthy, a lasting fault counts 1, a passing one less. NULL where it has none.';
COMMENT ON COLUMN mart.source_health.last_poll_status IS 'What the last poll gave: ok, unchanged, or a reason that begins with a code.';
COMMENT ON COLUMN mart.source_health.next_poll_at IS 'When the next poll is due.';
COMMENT ON COLUMN mart.source_health.pages_waiting IS 'Addresses that wait to be asked for.';
COMMENT ON COLUMN mart.source_health.pages_given_up IS 'Addresses that are asked for no more.';

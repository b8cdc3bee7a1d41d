-- What became of each source's captures of some days -> measured. Variables: days, first_day, last_day.
CREATE OR REPLACE TEMP TABLE fates AS
SELECT
    f.source_id,
    f.fetch_date AS day,
    f.outcome = 'captured' AS is_captured,
    f.fetched_at,
    e.outcome,
    e.article_id,
    coalesce(e.article_id, f.target_uri, f.fetch_id) AS document
FROM raw.fetches AS f
JOIN ops.extractions AS e ON f.fetch_id = e.fetch_id AND f.fetch_date = e.fetch_date
WHERE
    f.fetch_date BETWEEN getvariable('first_day') AND getvariable('last_day')
    AND e.fetch_date BETWEEN getvariable('first_day') AND getvariable('last_day')
    AND list_contains(getvariable('days'), f.fetch_date)
    AND f.kind NOT IN ('feed', 'sitemap') AND f.outcome IN ('captured', 'rejected')
-- A later reading that gave the same (same_reading) is not what became of a capture.
QUALIFY row_number() OVER (
    PARTITION BY f.fetch_id
    ORDER BY e.outcome_reason IS NOT DISTINCT FROM 'same_reading', e.extracted_at DESC, e.extractor_version DESC
) = 1;

-- A page that is visited again is no new document. Sources are asked again for what is days old, not weeks.
CREATE OR REPLACE TEMP TABLE arrivals AS
WITH seen AS (
    SELECT DISTINCT f.source_id, e.article_id AS document, f.fetch_date AS day
    FROM ops.extractions AS e
    JOIN raw.fetches AS f ON e.fetch_id = f.fetch_id AND e.fetch_date = f.fetch_date
    WHERE
        e.fetch_date BETWEEN getvariable('first_day') - 28 AND getvariable('last_day') - 1
        AND f.fetch_date BETWEEN getvariable('first_day') - 28 AND getvariable('last_day') - 1
        AND e.article_id IN (SELECT d.document FROM fates AS d)
)

SELECT d.source_id, d.day, d.document, min(d.fetched_at) AS arrived_at
FROM fates AS d
WHERE
    d.is_captured AND (d.outcome <> 'skipped' OR d.article_id IS NOT NULL)
    AND NOT EXISTS (
        SELECT 1 FROM seen AS s
        WHERE s.source_id = d.source_id AND s.document = d.document AND s.day BETWEEN d.day - 28 AND d.day - 1
    )
GROUP BY d.source_id, d.day, d.document;

-- An article that was edited, or read again, within a day counts once.
CREATE OR REPLACE TEMP TABLE day_articles AS
SELECT f.source_id, v.fetch_date AS day, v.date_published, v.in_language, v.word_count
FROM article_versions AS v
JOIN raw.fetches AS f ON v.fetch_id = f.fetch_id AND v.fetch_date = f.fetch_date
WHERE
    v.fetch_date BETWEEN getvariable('first_day') AND getvariable('last_day')
    AND f.fetch_date BETWEEN getvariable('first_day') AND getvariable('last_day')
    AND list_contains(getvariable('days'), v.fetch_date)
QUALIFY row_number() OVER (PARTITION BY v.article_id, v.fetch_date ORDER BY v.version DESC) = 1;

CREATE OR REPLACE TEMP TABLE measured AS
WITH givers AS (SELECT DISTINCT source_id, day FROM arrivals),

hours AS (SELECT unnest(range(24)) AS hour),

hourly AS (SELECT source_id, day, hour(arrived_at) AS hour, count(*) AS documents FROM arrivals GROUP BY ALL),

languages AS (
    SELECT
        source_id, day, in_language, count(*) AS articles,
        sum(count(*)) OVER (PARTITION BY source_id, day) AS all_articles
    FROM day_articles
    GROUP BY source_id, day, in_language
)

SELECT
    s.source_id,
    s.day,
    'volume' AS measure,
    NULL::VARCHAR AS in_language,
    sum(coalesce(c.documents, 0))::DOUBLE AS value,
    sum(coalesce(c.documents, 0))::BIGINT AS base,
    list(coalesce(c.documents, 0) ORDER BY h.hour)::INTEGER[] AS by_hour
FROM givers AS s
CROSS JOIN hours AS h
LEFT JOIN hourly AS c ON s.source_id = c.source_id AND s.day = c.day AND h.hour = c.hour
GROUP BY s.source_id, s.day
UNION ALL
SELECT
    source_id,
    day,
    'quarantined' AS measure,
    NULL AS in_language,
    count(DISTINCT document) FILTER (WHERE outcome = 'quarantined') / count(DISTINCT document) AS value,
    count(DISTINCT document) AS base,
    NULL AS by_hour
FROM fates
WHERE outcome IN ('kept', 'quarantined')
GROUP BY source_id, day
UNION ALL
SELECT
    source_id,
    day,
    'undated' AS measure,
    NULL AS in_language,
    count(*) FILTER (WHERE date_published IS NULL) / count(*) AS value,
    count(*) AS base,
    NULL AS by_hour
FROM day_articles
GROUP BY source_id, day
UNION ALL
SELECT
    source_id,
    day,
    'words' AS measure,
    NULL AS in_language,
    median(word_count)::DOUBLE AS value,
    count(*) AS base,
    NULL AS by_hour
FROM day_articles
GROUP BY source_id, day
UNION ALL
SELECT
    source_id,
    day,
    'language' AS measure,
    in_language,
    articles / all_articles AS value,
    all_articles::BIGINT AS base,
    NULL AS by_hour
FROM languages
WHERE in_language IS NOT NULL;

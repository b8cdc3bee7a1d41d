-- What the captures of a day were read as last: readings that await their promotion are in staging, the others in
-- ops.extractions; one reading gives the same state in either. Parameter: day.
WITH readings AS (
    SELECT fetch_id, extractor_version, content_sha256, now() AS read_at
    FROM staging.articles
    WHERE fetch_date = $day
    UNION ALL
    SELECT fetch_id, extractor_version, content_sha256, extracted_at AS read_at
    FROM ops.extractions
    WHERE fetch_date = $day
),

latest AS (
    SELECT *
    FROM readings
    QUALIFY row_number() OVER (PARTITION BY fetch_id ORDER BY read_at DESC, content_sha256) = 1
)

SELECT
    count(content_sha256) AS rows,
    count(*) FILTER (WHERE content_sha256 IS NULL) AS skipped_of_day,
    count(*) FILTER (WHERE content_sha256 IS NULL) / nullif(count(*), 0) AS share_skipped,
    concat(
        count(*), '-', bit_xor(md5_number_lower(concat_ws('|', fetch_id, extractor_version, content_sha256)))
    ) AS state
FROM latest;

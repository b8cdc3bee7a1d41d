-- Captures of a day. Parameter: day.
SELECT
    count(*) AS rows,
    count(*) FILTER (WHERE outcome = 'rejected') AS rejected_of_day,
    count(*) FILTER (WHERE outcome = 'failed') AS failed_of_day,
    count(*) FILTER (WHERE outcome = 'refused') AS refused_of_day,
    count(DISTINCT source_id) AS sources,
    coalesce(sum(payload_bytes), 0) AS payload_bytes,
    count(*) FILTER (WHERE target_uri IS NULL) / nullif(count(*), 0) AS null_share_target_uri,
    count(*) FILTER (WHERE content_type IS NULL) / nullif(count(*), 0) AS null_share_content_type,
    concat(
        count(*), '-', bit_xor(md5_number_lower(concat_ws('|', fetch_id, payload_sha256, outcome)))
    ) AS state
FROM raw.fetches
WHERE fetch_date = $day;

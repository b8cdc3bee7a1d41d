-- What became of each capture? kept + quarantined + skipped = captured.
SELECT
    source_id,
    fate,
    reason,
    count(*) AS captures
FROM mart.capture_fates
GROUP BY ALL
ORDER BY source_id, fate, captures DESC, reason;

-- Which checks do not hold, for days of the period or for whole tables? Worst first.
SELECT
    check_name,
    any_value(table_name) AS table_name,
    any_value(severity) AS severity,
    any_value(description) AS description,
    count(partition_key) AS days,
    bool_or(partition_key IS NULL) AS whole_table,
    sum(unexpected_count)::BIGINT AS unexpected_count,
    bool_or(status = 'broken') AS is_broken,
    string_agg(DISTINCT override_note, '; ' ORDER BY override_note) AS override_notes
FROM mart.quality_today
WHERE status <> 'passed' AND (partition_key IS NULL OR partition_key BETWEEN $first AND $last)
GROUP BY asset_key, check_name
ORDER BY array_position(['critical', 'warning', 'info'], any_value(severity)), days DESC, check_name
LIMIT 20;

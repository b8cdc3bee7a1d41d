-- Checks that stop the publish, for people who are told: what it is about, why, and the query that shows it.
SELECT
    asset_key || '.' || check_name || coalesce('@' || partition_key, '') AS subject,
    coalesce(
        'the rule itself broke: ' || error,
        unexpected_count || ' rows of ' || table_name,
        'observed ' || observed
    ) AS why,
    coalesce(failing_query, 'SELECT * FROM ops.standing_results WHERE blocks') AS query
FROM ops.standing_results
WHERE blocks
ORDER BY subject;

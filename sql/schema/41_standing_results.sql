CREATE OR REPLACE VIEW ops.standing_results AS
WITH latest AS (
    SELECT
        asset_key,
        check_name,
        partition_key,
        max(checked_at) AS checked_at,
        max_by(run_id, checked_at) AS run_id
    FROM ops.quality_results
    GROUP BY ALL
)

SELECT
    r.asset_key,
    r.check_name,
    r.partition_key,
    c.table_name,
    c.key_name,
    c.names_rows,
    -- As declared now: a rule that was made milder no longer stops the days that it failed on before.
    c.severity,
    c.stops,
    c.owner,
    c.description,
    CASE WHEN r.success THEN 'passed' WHEN r.error IS NOT NULL THEN 'broken' ELSE 'failed' END AS status,
    r.observed,
    r.element_count,
    r.unexpected_count,
    r.failing_keys,
    r.failing_query,
    r.error,
    r.run_id,
    r.checked_at,
    greatest(r.checked_at, a.confirmed_at) AS confirmed_at,
    o.override_id,
    o.note AS override_note,
    o.decided_by AS override_by,
    o.decided_at AS override_at,
    NOT r.success AND (r.error IS NOT NULL OR c.stops <> 'nothing') AND o.override_id IS NULL AS blocks
FROM latest AS l
JOIN ops.quality_results AS r
    ON
        l.asset_key = r.asset_key AND l.check_name = r.check_name AND l.checked_at = r.checked_at
        AND l.run_id = r.run_id AND l.partition_key IS NOT DISTINCT FROM r.partition_key
JOIN ops.quality_checks AS c
    ON
        r.asset_key = c.asset_key AND r.check_name = c.check_name
        AND c.is_daily = (r.partition_key IS NOT NULL)
LEFT JOIN ops.audits AS a
    ON c.suite = a.suite AND r.partition_key IS NOT DISTINCT FROM a.partition_key
LEFT JOIN ops.overrides AS o ON r.override_id = o.override_id AND o.ended_at IS NULL;

COMMENT ON VIEW ops.standing_results IS
'One row a declared check and day (or whole table): its latest result, whether it still stops the publish, and who overrode it.';
COMMENT ON COLUMN ops.standing_results.asset_key IS 'Asset that was checked.';
COMMENT ON COLUMN ops.standing_results.check_name IS 'Check; with asset_key references ops.quality_checks.';
COMMENT ON COLUMN ops.standing_results.partition_key IS 'Day that was checked; NULL where the check is on a whole table.';
COMMENT ON COLUMN ops.standing_results.table_name IS 'Table that it checks.';
COMMENT ON COLUMN ops.standing_results.key_name IS 'Column that failing_keys are values of.';
COMMENT ON COLUMN ops.standing_results.names_rows IS 'True where each failing key is a row of the table, which ops.quarantine then has.';
COMMENT ON COLUMN ops.standing_results.severity IS 'critical (no publish while it fails), warning or info; as declared now.';
COMMENT ON COLUMN ops.standing_results.stops IS 'What its failure stops: downstream (and with it the publish), publish, or nothing; as declared now.';
COMMENT ON COLUMN ops.standing_results.owner IS 'Who looks after it.';
COMMENT ON COLUMN ops.standing_results.description IS 'What must hold, in a sentence.';
COMMENT ON COLUMN ops.standing_results.status IS 'passed, failed, or broken (the rule could not be evaluated: see error).';
COMMENT ON COLUMN ops.standing_results.observed IS 'What was observed, as JSON.';
COMMENT ON COLUMN ops.standing_results.element_count IS 'Rows looked at, where the rule counts rows.';
COMMENT ON COLUMN ops.standing_results.unexpected_count IS 'Rows that break the rule, those already in quarantine included.';
COMMENT ON COLUMN ops.standing_results.failing_keys IS 'Keys of failing rows, up to 1,000; never texts.';
COMMENT ON COLUMN ops.standing_results.failing_query IS 'Query that shows the failing rows, ready to paste; NULL where nothing failed or the rule is on the table''s shape.';
COMMENT ON COLUMN ops.standing_results.error IS 'Message where the rule could not be evaluated.';
COMMENT ON COLUMN ops.standing_results.run_id IS 'Run that checked.';
COMMENT ON COLUMN ops.standing_results.checked_at IS 'When the rule was run.';
COMMENT ON COLUMN ops.standing_results.confirmed_at IS 'When the rows and the rules were last found unchanged since, so that the result still holds; never before checked_at.';
COMMENT ON COLUMN ops.standing_results.override_id IS 'Override in force that lets this failure be published; references ops.overrides. NULL where there is none.';
COMMENT ON COLUMN ops.standing_results.override_note IS 'Why it was overridden.';
COMMENT ON COLUMN ops.standing_results.override_by IS 'Who overrode it.';
COMMENT ON COLUMN ops.standing_results.override_at IS 'When it was overridden.';
COMMENT ON COLUMN ops.standing_results.blocks IS 'True where it stops the publish: it failed or broke, and nobody overrode it.';

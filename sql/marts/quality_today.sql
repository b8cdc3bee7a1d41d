CREATE OR REPLACE VIEW mart.quality_today AS
SELECT
    partition_key,
    asset_key,
    check_name,
    table_name,
    severity,
    stops,
    owner,
    description,
    status,
    unexpected_count,
    element_count,
    unexpected_count / nullif(element_count, 0) AS unexpected_share,
    observed,
    key_name,
    failing_keys,
    failing_query,
    error,
    override_note,
    override_by,
    override_at,
    run_id,
    checked_at,
    confirmed_at
FROM ops.standing_results;

COMMENT ON VIEW mart.quality_today IS
'One row a declared check and day (partition_key NULL: the whole table): its latest result. broken: the rule itself failed. override_note: why it was published against the check.';
COMMENT ON COLUMN mart.quality_today.partition_key IS 'Day that was checked; NULL where the check is on a whole table.';
COMMENT ON COLUMN mart.quality_today.asset_key IS 'Asset that was checked.';
COMMENT ON COLUMN mart.quality_today.check_name IS 'Name of the check.';
COMMENT ON COLUMN mart.quality_today.table_name IS 'Table that was checked.';
COMMENT ON COLUMN mart.quality_today.severity IS 'critical, warning or info.';
COMMENT ON COLUMN mart.quality_today.stops IS 'What its failure stops: downstream (what follows, and the publish), publish, or nothing.';
COMMENT ON COLUMN mart.quality_today.owner IS 'Who answers for the rule.';
COMMENT ON COLUMN mart.quality_today.description IS 'What must hold, in a sentence.';
COMMENT ON COLUMN mart.quality_today.status IS 'passed, failed, or broken (the rule itself failed, so nothing is known).';
COMMENT ON COLUMN mart.quality_today.unexpected_count IS 'Rows that break the rule.';
COMMENT ON COLUMN mart.quality_today.element_count IS 'Rows looked at.';
COMMENT ON COLUMN mart.quality_today.unexpected_share IS 'unexpected_count by element_count, 0 to 1; NULL where the rule counts no rows.';
COMMENT ON COLUMN mart.quality_today.observed IS 'What was observed, as JSON.';
COMMENT ON COLUMN mart.quality_today.key_name IS 'Column that failing_keys are values of.';
COMMENT ON COLUMN mart.quality_today.failing_keys IS 'Keys of failing rows, up to 1,000.';
COMMENT ON COLUMN mart.quality_today.failing_query IS 'Query that shows the failing rows, ready to paste.';
COMMENT ON COLUMN mart.quality_today.error IS 'Message where the rule itself failed.';
COMMENT ON COLUMN mart.quality_today.override_note IS 'Why a person let this failure be published; NULL where none did.';
COMMENT ON COLUMN mart.quality_today.override_by IS 'Who let this failure be published; NULL where nobody did.';
COMMENT ON COLUMN mart.quality_today.override_at IS 'When it was let be published (UTC); NULL where it was not.';
COMMENT ON COLUMN mart.quality_today.run_id IS 'Run that checked.';
COMMENT ON COLUMN mart.quality_today.checked_at IS 'When the rule was run (UTC).';
COMMENT ON COLUMN mart.quality_today.confirmed_at IS 'When the rows were last found unchanged since, so that the result still stood.';

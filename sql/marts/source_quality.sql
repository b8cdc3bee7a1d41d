CREATE OR REPLACE VIEW mart.source_quality AS
WITH judged AS (
    SELECT
        *,
        CASE
            WHEN value < least THEN 'lost'
            WHEN measure = 'language' AND value < low THEN 'gone'
            WHEN value < low THEN 'low'
            WHEN value > high THEN 'high'
            WHEN low IS NULL AND high IS NULL THEN 'not judged'
            ELSE 'as usual'
        END AS status
    FROM ops.source_days
),

wide AS (
    SELECT
        source_id,
        day,
        any_value(value) FILTER (WHERE measure = 'volume') AS documents,
        any_value(usual) FILTER (WHERE measure = 'volume') AS usual_documents,
        any_value(least) FILTER (WHERE measure = 'volume') AS least_documents,
        any_value(low) FILTER (WHERE measure = 'volume') AS low_documents,
        any_value(high) FILTER (WHERE measure = 'volume') AS high_documents,
        any_value(status) FILTER (WHERE measure = 'volume') AS volume_status,
        any_value(reason) FILTER (WHERE measure = 'volume') AS volume_reason,
        any_value(hours) FILTER (WHERE measure = 'volume') AS hours,
        any_value(missing_hours) FILTER (WHERE measure = 'volume') AS missing_hours,
        any_value(base) FILTER (WHERE measure = 'words') AS articles,
        any_value(value) FILTER (WHERE measure = 'words') AS median_words,
        any_value(status) FILTER (WHERE measure = 'words') AS words_status,
        any_value(value) FILTER (WHERE measure = 'quarantined') AS quarantined_share,
        any_value(status) FILTER (WHERE measure = 'quarantined') AS quarantined_status,
        any_value(value) FILTER (WHERE measure = 'undated') AS undated_share,
        any_value(status) FILTER (WHERE measure = 'undated') AS undated_status,
        any_value(value) FILTER (WHERE measure = 'unlinked') AS unlinked_share,
        any_value(status) FILTER (WHERE measure = 'unlinked') AS unlinked_status,
        any_value(value) FILTER (WHERE measure = 'new_entities') AS new_entity_share,
        any_value(status) FILTER (WHERE measure = 'new_entities') AS new_entity_status,
        any_value(base) FILTER (WHERE measure = 'failed_requests') AS requests,
        any_value(value) FILTER (WHERE measure = 'failed_requests') AS failed_share,
        any_value(status) FILTER (WHERE measure = 'failed_requests') AS failed_status,
        list(in_language ORDER BY value DESC, in_language)
        FILTER (WHERE measure = 'language' AND value > 0) AS languages,
        list(in_language ORDER BY in_language) FILTER (WHERE status = 'gone') AS languages_gone,
        list(DISTINCT measure ORDER BY measure) FILTER (WHERE status NOT IN ('as usual', 'not judged')) AS unusual
    FROM judged
    GROUP BY source_id, day
)

SELECT
    w.source_id,
    s.name,
    w.* EXCLUDE (source_id)
FROM wide AS w
LEFT JOIN sources AS s ON w.source_id = s.source_id;

COMMENT ON VIEW mart.source_quality IS
'One row a source and day of capture, silent days of known sources included: what it gave, the band that its own days before make plausible, shares and how they compare. unusual lists what lies outside.';

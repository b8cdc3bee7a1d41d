CREATE OR REPLACE VIEW ops.due_readings AS
WITH readings AS (
    SELECT
        fetch_id,
        max(extracted_at) AS read_at,
        max_by(outcome, extracted_at) AS outcome
    FROM ops.extractions
    WHERE
        fetch_id IN (SELECT d.row_key FROM ops.row_decisions AS d)
        OR fetch_id IN (SELECT e.fetch_id FROM ops.extractions AS e WHERE e.outcome = 'quarantined')
    GROUP BY fetch_id
),

-- What was decided and taken back between two readings changed nothing.
decided AS (
    SELECT
        d.row_key AS fetch_id,
        bool_or(d.decision = 'drop' AND d.withdrawn_at IS NULL) AS is_dropped,
        bool_or(
            CASE
                WHEN d.withdrawn_at IS NULL THEN d.decided_at > r.read_at
                ELSE d.decision <> 'retry' AND d.withdrawn_at > r.read_at AND d.decided_at < r.read_at
            END
        ) AS is_due
    FROM ops.row_decisions AS d
    JOIN readings AS r ON d.row_key = r.fetch_id
    GROUP BY d.row_key
),

held AS (
    SELECT
        q.fetch_id,
        coalesce(bool_or(q.rule_hash <> sha256(c.query)), FALSE) AS rule_changed
    FROM ops.quarantine AS q
    LEFT JOIN ops.quality_checks AS c ON q.asset_key = c.asset_key AND q.reason = c.check_name
    WHERE q.effect = 'held' AND q.resolved_at IS NULL
    GROUP BY q.fetch_id
)

SELECT
    f.fetch_id,
    f.fetch_date,
    CASE
        WHEN d.is_due THEN 'decided'
        WHEN h.rule_changed THEN 'rule_changed'
        ELSE 'not_held'
    END AS due_reason
FROM readings AS r
JOIN raw.fetches AS f ON r.fetch_id = f.fetch_id
LEFT JOIN decided AS d ON r.fetch_id = d.fetch_id
LEFT JOIN held AS h ON r.fetch_id = h.fetch_id
WHERE
    f.outcome = 'captured' AND f.kind NOT IN ('feed', 'sitemap')
    AND NOT coalesce(d.is_dropped, FALSE)
    AND (d.is_due OR h.rule_changed OR (r.outcome = 'quarantined' AND h.fetch_id IS NULL));

COMMENT ON VIEW ops.due_readings IS
'One row a capture to be read again: a person decided about it since (decided), the rule that holds it changed (rule_changed) or is gone (not_held).';
COMMENT ON COLUMN ops.due_readings.fetch_id IS 'Capture to be read again; references raw.fetches.';
COMMENT ON COLUMN ops.due_readings.fetch_date IS 'UTC day of its capture.';
COMMENT ON COLUMN ops.due_readings.due_reason IS 'decided (a person decided about it since it was read), rule_changed (of the rule that holds it) or not_held (no rule holds it any more).';

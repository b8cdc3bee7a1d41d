-- Open rows of quarantine whose rule is gone from expectations/, or no longer lists such rows, leave it. Of a held
-- capture that nothing holds any more the next run makes an article (see the view ops.due_readings). Variable: run_id.
UPDATE ops.quarantine AS q
SET resolved_at = now(), resolution = 'retired', resolved_run_id = getvariable('run_id')
WHERE
    q.resolved_at IS NULL
    AND NOT EXISTS (
        SELECT 1 FROM ops.quality_checks AS c
        WHERE
            c.asset_key = q.asset_key AND c.check_name = q.reason AND c.names_rows
            AND (c.on_failure = 'quarantine') = (q.effect = 'held')
            AND (NOT c.is_daily OR q.fetch_date IS NOT NULL)
    );

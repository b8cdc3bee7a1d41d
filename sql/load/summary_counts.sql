-- One row: counts for the summary of the runs in the variable run_ids.
-- asked: addresses that a person named; that they could not be had is a failed input, else it is the web's way.
SELECT
    (SELECT count(*) FROM article_versions WHERE list_contains(getvariable('run_ids'), run_id)) AS versions,
    (SELECT count(*) FROM articles) AS articles,
    (SELECT count(*) FROM mentions) AS mentions,
    (SELECT count(*) FROM entities) AS entities,
    (SELECT count(*) FROM ops.recognitions WHERE list_contains(getvariable('run_ids'), run_id)) AS recognised,
    (
        SELECT count(DISTINCT fetch_id)
        FROM ops.quarantine
        WHERE
            list_contains(getvariable('run_ids'), run_id)
            AND reason IN ('payload_readable', 'extraction_succeeded')
    ) + (
        SELECT count(*)
        FROM raw.fetches
        WHERE
            list_contains(getvariable('run_ids'), run_id)
            AND outcome IN ('failed', 'refused')
            AND (kind = 'file' OR list_contains(getvariable('asked'), target_uri))
    ) AS failed_inputs,
    coalesce(
        (SELECT list_contains(getvariable('run_ids'), max_by(run_id, published_at)) FROM ops.snapshots), false
    ) AS published;

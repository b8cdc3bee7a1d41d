-- The fate of a day's captures that people dropped: a recorded skip, for whatever extractor version. One transaction.
-- Variables: day, run_id.
DELETE FROM ops.extractions AS e
WHERE
    e.fetch_date = getvariable('day') AND e.outcome = 'skipped' AND starts_with(e.outcome_reason, 'dropped: ')
    AND NOT EXISTS (
        SELECT 1 FROM ops.row_decisions AS d
        WHERE d.row_key = e.fetch_id AND d.decision = 'drop' AND d.withdrawn_at IS NULL
    );

CREATE OR REPLACE TEMP TABLE dropped AS
SELECT d.row_key AS fetch_id, max(d.note) AS note
FROM ops.row_decisions AS d
WHERE
    d.decision = 'drop' AND d.withdrawn_at IS NULL
    AND d.row_key IN (SELECT f.fetch_id FROM raw.fetches AS f WHERE f.fetch_date = getvariable('day'))
GROUP BY d.row_key;

INSERT INTO ops.extractions BY NAME
SELECT
    f.fetch_id,
    f.fetch_date,
    f.fetched_at,
    f.payload_sha256,
    'none' AS extractor_version,
    'skipped' AS outcome,
    'dropped: ' || coalesce(d.note, '') AS outcome_reason,
    now() AS extracted_at,
    getvariable('run_id') AS run_id,
    (
        SELECT coalesce(max(coalesce(e.reading_no, 0)) + 1, 0) FROM ops.extractions AS e
        WHERE e.fetch_id = f.fetch_id AND e.extractor_version = 'none'
    ) AS reading_no
FROM dropped AS d
JOIN raw.fetches AS f ON d.fetch_id = f.fetch_id
WHERE
    NOT EXISTS (
        SELECT 1 FROM ops.extractions AS e
        WHERE e.fetch_id = f.fetch_id AND starts_with(e.outcome_reason, 'dropped: ') AND e.extractor_version = 'none'
    );

DELETE FROM ops.rereadings WHERE fetch_id IN (SELECT d.fetch_id FROM dropped AS d);

-- What a run that was cut short had read of them.
DELETE FROM staging.article_blocks WHERE fetch_id IN (SELECT d.fetch_id FROM dropped AS d);

DELETE FROM staging.article_evidence WHERE fetch_id IN (SELECT d.fetch_id FROM dropped AS d);

DELETE FROM staging.articles WHERE fetch_id IN (SELECT d.fetch_id FROM dropped AS d);

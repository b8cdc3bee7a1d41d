CREATE OR REPLACE VIEW mart.quarantine AS
SELECT
    asset_key,
    row_key,
    table_name,
    effect,
    severity,
    reasons,
    descriptions,
    details,
    since,
    fetch_date,
    source_id,
    fetch_id,
    article_id,
    url,
    location,
    headline,
    payload_sha256,
    archive_path,
    run_id,
    awaits
FROM ops.quarantined_rows
WHERE left_at IS NULL;

COMMENT ON VIEW mart.quarantine IS
'One row a failing row of a table, once with all its reasons: what it does (held, blocks, flagged), since when, its capture, and the decision that the next run applies (awaits).';
COMMENT ON COLUMN mart.quarantine.asset_key IS 'Asset whose rules the row breaks.';
COMMENT ON COLUMN mart.quarantine.row_key IS 'Key of the row, by the suite''s key: the fetch_id of a held capture.';
COMMENT ON COLUMN mart.quarantine.table_name IS 'Table of the row.';
COMMENT ON COLUMN mart.quarantine.effect IS 'held (kept out of the warehouse), blocks (in the warehouse, and nothing is published until it is mended) or flagged (published): the gravest of its reasons.';
COMMENT ON COLUMN mart.quarantine.severity IS 'critical, warning or info: the gravest of its reasons; NULL where none is declared any more.';
COMMENT ON COLUMN mart.quarantine.reasons IS 'Names of the checks that it fails.';
COMMENT ON COLUMN mart.quarantine.descriptions IS 'What must hold, a sentence a check.';
COMMENT ON COLUMN mart.quarantine.details IS 'More on this row, where the stage or the rule knows more; NULL where none does.';
COMMENT ON COLUMN mart.quarantine.since IS 'When it was first found failing.';
COMMENT ON COLUMN mart.quarantine.fetch_date IS 'Day (UTC) that was checked; of a check on a whole table the capture''s day, NULL where there is none.';
COMMENT ON COLUMN mart.quarantine.source_id IS 'Source of the row; NULL where it has none.';
COMMENT ON COLUMN mart.quarantine.fetch_id IS 'Its capture; references raw.fetches. NULL where it comes from no single one, as an entity does.';
COMMENT ON COLUMN mart.quarantine.article_id IS 'Article of the row; NULL where it has none.';
COMMENT ON COLUMN mart.quarantine.url IS 'Address of the captured page; NULL where there is none.';
COMMENT ON COLUMN mart.quarantine.location IS 'Where its bytes were read, relative to the source.';
COMMENT ON COLUMN mart.quarantine.headline IS 'Headline of the article; NULL for a held capture, which is none.';
COMMENT ON COLUMN mart.quarantine.payload_sha256 IS 'SHA-256 of its bytes in the archive.';
COMMENT ON COLUMN mart.quarantine.archive_path IS 'Where these lie, below the archive''s root.';
COMMENT ON COLUMN mart.quarantine.run_id IS 'Run that found it first.';
COMMENT ON COLUMN mart.quarantine.awaits IS 'What the next run does with it by a person''s decision; NULL where nobody decided.';

CREATE TABLE IF NOT EXISTS raw.inputs (
    source_id VARCHAR NOT NULL,
    location VARCHAR NOT NULL,
    validator VARCHAR NOT NULL,
    read_at TIMESTAMPTZ NOT NULL,
    fetch_count INTEGER NOT NULL,
    run_id VARCHAR
);

COMMENT ON TABLE raw.inputs IS 'One row an input file as last read, so that an unchanged one costs a look and no reading.';
COMMENT ON COLUMN raw.inputs.source_id IS 'Source that holds the file.';
COMMENT ON COLUMN raw.inputs.location IS 'Path of the file, relative to the source.';
COMMENT ON COLUMN raw.inputs.validator IS 'Size and time of change; like an ETag, equal means unchanged.';
COMMENT ON COLUMN raw.inputs.read_at IS 'When it was last read to its end.';
COMMENT ON COLUMN raw.inputs.fetch_count IS 'Captures it gave.';
COMMENT ON COLUMN raw.inputs.run_id IS 'Dagster run that wrote the row.';

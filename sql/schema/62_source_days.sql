CREATE TABLE IF NOT EXISTS ops.source_days (
    source_id VARCHAR NOT NULL,
    day DATE NOT NULL,
    measure VARCHAR NOT NULL,
    in_language VARCHAR,
    value DOUBLE,
    base BIGINT NOT NULL,
    by_hour INTEGER[],
    hours INTEGER,
    usual DOUBLE,
    low DOUBLE,
    high DOUBLE,
    least DOUBLE,
    missing_hours INTEGER[],
    days_learnt INTEGER,
    reason VARCHAR
);

COMMENT ON TABLE ops.source_days IS 'One row a source, day of capture and measure (of languages: and language): its figure, and the band that the days before it make plausible. mart.source_quality has one row a source and day.';
COMMENT ON COLUMN ops.source_days.source_id IS 'Source that the pages were captured through; references sources.';
COMMENT ON COLUMN ops.source_days.day IS 'UTC day of capture.';
COMMENT ON COLUMN ops.source_days.measure IS 'volume (documents that the source had not given before), quarantined, undated, unlinked, new_entities, failed_requests (shares), language (share of the articles in in_language) or words (median of the articles).';
COMMENT ON COLUMN ops.source_days.in_language IS 'ISO 639-1 code, of the measure language; NULL otherwise.';
COMMENT ON COLUMN ops.source_days.value IS 'The figure; NULL where there was nothing to measure.';
COMMENT ON COLUMN ops.source_days.base IS 'What a share or median is of: documents, articles, entities or requests.';
COMMENT ON COLUMN ops.source_days.by_hour IS 'Of volume: documents by hour of the day, 24 counts.';
COMMENT ON COLUMN ops.source_days.hours IS 'Of volume: hours from midnight in which the source was asked and which are over; 24 for a whole day, 0 where it was not asked.';
COMMENT ON COLUMN ops.source_days.usual IS 'What the days before let expect; NULL while there are too few.';
COMMENT ON COLUMN ops.source_days.low IS 'Below it the value is unusual; NULL where nothing can be told.';
COMMENT ON COLUMN ops.source_days.high IS 'Above it the value is unusual; NULL where nothing can be told.';
COMMENT ON COLUMN ops.source_days.least IS 'Of volume: below it something is lost, since the source gives more even on its quietest day of the week; NULL where that cannot be told.';
COMMENT ON COLUMN ops.source_days.missing_hours IS 'Of volume: hours without a document in which the source always has some, and whose documents did not come in the hour after.';
COMMENT ON COLUMN ops.source_days.days_learnt IS 'Days before this one that the band is learnt from.';
COMMENT ON COLUMN ops.source_days.reason IS 'Why the band is what it is, or why there is none, in words.';

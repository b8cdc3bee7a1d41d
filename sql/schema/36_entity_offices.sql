CREATE TABLE IF NOT EXISTS entity_offices (
    entity_id VARCHAR NOT NULL,
    office VARCHAR NOT NULL,
    title VARCHAR,
    country VARCHAR,
    since VARCHAR,
    until VARCHAR
);

COMMENT ON TABLE entity_offices IS 'One row an entity and an office that it holds or held, as the catalogue says.';
COMMENT ON COLUMN entity_offices.entity_id IS 'Entity; references entities.';
COMMENT ON COLUMN entity_offices.office IS 'president, prime_minister, monarch, foreign_minister, …';
COMMENT ON COLUMN entity_offices.title IS 'Title of the office, as it is said.';
COMMENT ON COLUMN entity_offices.country IS 'ISO 3166-1 alpha-2 country of the office.';
COMMENT ON COLUMN entity_offices.since IS 'When the term began: ISO 8601, as precise as known.';
COMMENT ON COLUMN entity_offices.until IS 'When the term ended, likewise; NULL: in office when the row was written, or not known.';

CREATE TABLE IF NOT EXISTS entities (
    entity_id VARCHAR NOT NULL,
    entity_type VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    country VARCHAR,
    wikidata_id VARCHAR,
    origin VARCHAR NOT NULL,
    first_seen TIMESTAMPTZ,
    last_seen TIMESTAMPTZ
);

COMMENT ON TABLE entities IS 'One row a canonical person, organization, place, nationality or event.';
COMMENT ON COLUMN entities.entity_id IS 'Wikidata id where known, else the catalogue''s own id, else local: and a hash of type and name.';
COMMENT ON COLUMN entities.entity_type IS 'person, organization, place, nationality or event.';
COMMENT ON COLUMN entities.name IS 'Name to show.';
COMMENT ON COLUMN entities.country IS 'ISO 3166-1 alpha-2 country it belongs to.';
COMMENT ON COLUMN entities.wikidata_id IS 'Wikidata item, only where sure.';
COMMENT ON COLUMN entities.origin IS 'catalogue (known before) or local (first met in the news).';
COMMENT ON COLUMN entities.first_seen IS 'Earliest capture of an article that mentions it.';
COMMENT ON COLUMN entities.last_seen IS 'Latest capture of an article version that mentions it.';

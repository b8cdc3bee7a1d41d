CREATE TABLE IF NOT EXISTS sources (
    source_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    domain VARCHAR,
    homepage VARCHAR,
    country VARCHAR,
    in_language VARCHAR,
    source_role VARCHAR,
    usage_terms VARCHAR,
    wikidata_id VARCHAR,
    origin VARCHAR NOT NULL
);

COMMENT ON TABLE sources IS 'One row an outlet or collection: whoever carries or publishes.';
COMMENT ON COLUMN sources.source_id IS 'Short name, stable; what articles.source_id and publisher_id point to.';
COMMENT ON COLUMN sources.name IS 'Name as readers know it.';
COMMENT ON COLUMN sources.domain IS 'Registrable domain of its site.';
COMMENT ON COLUMN sources.homepage IS 'Address of its front page.';
COMMENT ON COLUMN sources.country IS 'ISO 3166-1 alpha-2 country it is based in.';
COMMENT ON COLUMN sources.in_language IS 'ISO 639-1 code of its main language.';
COMMENT ON COLUMN sources.source_role IS 'publisher, agency, aggregator, broadcaster, government, pictures (an agency of images) or social; NULL where unknown.';
COMMENT ON COLUMN sources.usage_terms IS 'What a person noted of its terms of use.';
COMMENT ON COLUMN sources.wikidata_id IS 'Wikidata item, only where checked.';
COMMENT ON COLUMN sources.origin IS 'Where the row comes from: configured (sources.yaml), catalogue, or observed on a page.';

CREATE TABLE IF NOT EXISTS entity_names (
    entity_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    name_kind VARCHAR NOT NULL,
    lang VARCHAR,
    origin VARCHAR NOT NULL
);

COMMENT ON TABLE entity_names IS 'One row an entity and a name it bears in the news or the catalogue.';
COMMENT ON COLUMN entity_names.entity_id IS 'Entity; references entities.';
COMMENT ON COLUMN entity_names.name IS 'The name, as it is written.';
COMMENT ON COLUMN entity_names.name_kind IS 'name (the one shown), alias (means it wherever it stands), weak_alias (only with support in the text).';
COMMENT ON COLUMN entity_names.lang IS 'ISO 639-1 code where the name belongs to one language.';
COMMENT ON COLUMN entity_names.origin IS 'catalogue, or mention where it was read in an article.';

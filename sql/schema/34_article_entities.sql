CREATE TABLE IF NOT EXISTS article_entities (
    article_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    referent_id VARCHAR NOT NULL,
    entity_id VARCHAR,
    base_id VARCHAR,
    entity_type VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    name_key VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    candidates VARCHAR[],
    context VARCHAR[],
    mention_count INTEGER NOT NULL,
    in_headline BOOLEAN NOT NULL,
    recognizer_version VARCHAR NOT NULL,
    run_id VARCHAR
);

COMMENT ON TABLE article_entities IS 'One row an article version and a thing that it names, by whatever forms: which entity it is, and why.';
COMMENT ON COLUMN article_entities.article_id IS 'Article; with version references article_versions.';
COMMENT ON COLUMN article_entities.version IS 'Version of the article.';
COMMENT ON COLUMN article_entities.referent_id IS 'Hash of article, type, name and known entity: the same in each version of the article.';
COMMENT ON COLUMN article_entities.entity_id IS 'Entity; references entities. NULL where it stays open: see reason and candidates.';
COMMENT ON COLUMN article_entities.base_id IS 'Entity before human judgements (entity_judgements) were applied.';
COMMENT ON COLUMN article_entities.entity_type IS 'person, organization, place, nationality or event: what the article alone takes it for.';
COMMENT ON COLUMN article_entities.name IS 'Its fullest form in the article, or the known entity''s name.';
COMMENT ON COLUMN article_entities.name_key IS 'The name normalised: case, marks, titles, company forms do not count.';
COMMENT ON COLUMN article_entities.reason IS 'Known by its name, context, another name in the article or a naming rule (name, context, article, rule); local; or open: ambiguous, unsupported, lone_name, stand_in, part.';
COMMENT ON COLUMN article_entities.candidates IS 'Known entities that an open one may be.';
COMMENT ON COLUMN article_entities.context IS 'Signals by which articles are compared: with:<entity>, country:<code>, role:<word>, …';
COMMENT ON COLUMN article_entities.mention_count IS 'Mentions in the version.';
COMMENT ON COLUMN article_entities.in_headline IS 'True where the headline names it.';
COMMENT ON COLUMN article_entities.recognizer_version IS 'Version of the recognition code, models and catalogue.';
COMMENT ON COLUMN article_entities.run_id IS 'Dagster run that wrote the row.';

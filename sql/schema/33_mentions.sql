CREATE TABLE IF NOT EXISTS mentions (
    mention_id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    entity_id VARCHAR,
    mention_type VARCHAR NOT NULL,
    exact VARCHAR NOT NULL,
    prefix VARCHAR,
    suffix VARCHAR,
    start_char INTEGER NOT NULL,
    end_char INTEGER NOT NULL,
    sentence_no INTEGER NOT NULL,
    in_headline BOOLEAN NOT NULL,
    confidence DOUBLE,
    recognizer VARCHAR NOT NULL,
    recognizer_version VARCHAR NOT NULL,
    run_id VARCHAR
);

COMMENT ON TABLE mentions IS 'One row a span that names an entity. substring(article_body, start_char + 1, end_char - start_char) = exact, always.';
COMMENT ON COLUMN mentions.mention_id IS 'Hash of article, version, place and span.';
COMMENT ON COLUMN mentions.article_id IS 'Article; with version references article_versions.';
COMMENT ON COLUMN mentions.version IS 'Version of the article.';
COMMENT ON COLUMN mentions.entity_id IS 'Entity; references entities. NULL where the name is ambiguous or a lone surname.';
COMMENT ON COLUMN mentions.mention_type IS 'person, organization, place, nationality or event.';
COMMENT ON COLUMN mentions.exact IS 'The text of the span, as printed.';
COMMENT ON COLUMN mentions.prefix IS 'Up to 32 characters before it.';
COMMENT ON COLUMN mentions.suffix IS 'Up to 32 characters after it.';
COMMENT ON COLUMN mentions.start_char IS 'Start in article_body, or in headline where in_headline (code points, 0-based).';
COMMENT ON COLUMN mentions.end_char IS 'End, exclusive.';
COMMENT ON COLUMN mentions.sentence_no IS 'Sentence of the body or headline, from 0.';
COMMENT ON COLUMN mentions.in_headline IS 'True where the span lies in the headline.';
COMMENT ON COLUMN mentions.confidence IS '0 to 1.';
COMMENT ON COLUMN mentions.recognizer IS 'Rule or model that found it.';
COMMENT ON COLUMN mentions.recognizer_version IS 'Version of the recognition code and model.';
COMMENT ON COLUMN mentions.run_id IS 'Dagster run that wrote the row.';

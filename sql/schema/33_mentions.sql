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
    run_id VARCHAR,
    referent_id VARCHAR,
    role_text VARCHAR,
    role_office VARCHAR,
    role_country VARCHAR,
    role_is_former BOOLEAN
);

COMMENT ON TABLE mentions IS 'One row a span that names an entity. substring(article_body, start_char + 1, end_char - start_char) = exact, always.';
COMMENT ON COLUMN mentions.mention_id IS 'Hash of article, version, place and span.';
COMMENT ON COLUMN mentions.article_id IS 'Article; with version references article_versions.';
COMMENT ON COLUMN mentions.version IS 'Version of the article.';
COMMENT ON COLUMN mentions.entity_id IS 'Entity; references entities. NULL where the name is open: article_entities says why, and what it may be.';
COMMENT ON COLUMN mentions.mention_type IS 'person, organization, place, nationality or event: its entity''s type; where it has none, what it was taken for.';
COMMENT ON COLUMN mentions.exact IS 'The text of the span, as printed.';
COMMENT ON COLUMN mentions.prefix IS 'Up to 32 characters of the text before the span.';
COMMENT ON COLUMN mentions.suffix IS 'Up to 32 characters of the text after the span.';
COMMENT ON COLUMN mentions.start_char IS 'Start in article_body, or in headline where in_headline (code points, 0-based).';
COMMENT ON COLUMN mentions.end_char IS 'End in the same text, exclusive (code points).';
COMMENT ON COLUMN mentions.sentence_no IS 'Sentence of the body or headline, from 0.';
COMMENT ON COLUMN mentions.in_headline IS 'True where the span lies in the headline.';
COMMENT ON COLUMN mentions.confidence IS 'Share of such spans that are right in span and type on labelled news, 0 to 1.';
COMMENT ON COLUMN mentions.recognizer IS 'Rule or model that found it.';
COMMENT ON COLUMN mentions.recognizer_version IS 'Version of the recognition code and model.';
COMMENT ON COLUMN mentions.run_id IS 'Dagster run that wrote the row.';
COMMENT ON COLUMN mentions.referent_id IS 'The thing in this article that it names; with article_id and version references article_entities.';
COMMENT ON COLUMN mentions.role_text IS 'What the article prints the person as, beside this name: Chinese Foreign Ministry spokesperson.';
COMMENT ON COLUMN mentions.role_office IS 'The office in role_text: president, prime_minister, foreign_minister, …';
COMMENT ON COLUMN mentions.role_country IS 'ISO 3166-1 alpha-2 country in role_text.';
COMMENT ON COLUMN mentions.role_is_former IS 'True where role_text says that it is over or not yet: former, late, -elect, acting.';

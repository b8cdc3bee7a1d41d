CREATE TABLE IF NOT EXISTS article_evidence (
    article_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    evidence_no INTEGER NOT NULL,
    field VARCHAR NOT NULL,
    value_text VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    detail VARCHAR,
    rule_id VARCHAR NOT NULL,
    is_chosen BOOLEAN NOT NULL,
    confidence DOUBLE
);

COMMENT ON TABLE article_evidence IS 'One row a statement about one of the article''s values, whether it was taken or not, with the rule that decided.';
COMMENT ON COLUMN article_evidence.article_id IS 'Article; with version references article_versions.';
COMMENT ON COLUMN article_evidence.version IS 'Version of the article.';
COMMENT ON COLUMN article_evidence.evidence_no IS 'Place among the article''s evidence, from 0.';
COMMENT ON COLUMN article_evidence.field IS 'Which value it speaks for: headline, authors, date_published, canonical_url, ...';
COMMENT ON COLUMN article_evidence.value_text IS 'What it says: the text as read, a date in ISO 8601, true or false.';
COMMENT ON COLUMN article_evidence.source IS 'Kind of place it was read from: json_ld, microdata, open_graph, meta, title, link, time, url, text, dateline, feed or model.';
COMMENT ON COLUMN article_evidence.detail IS 'The very place: a property, an element or a block, for example NewsArticle.headline or og:title.';
COMMENT ON COLUMN article_evidence.rule_id IS 'Rule that took it or set it aside.';
COMMENT ON COLUMN article_evidence.is_chosen IS 'True where the article has this value.';
COMMENT ON COLUMN article_evidence.confidence IS '0 to 1: how much the judgement trusts it.';

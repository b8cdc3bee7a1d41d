CREATE TABLE IF NOT EXISTS staging.article_evidence (
    fetch_id VARCHAR NOT NULL,
    evidence_no INTEGER NOT NULL,
    field VARCHAR NOT NULL,
    value_text VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    detail VARCHAR,
    rule_id VARCHAR NOT NULL,
    is_chosen BOOLEAN NOT NULL,
    confidence DOUBLE
);

COMMENT ON TABLE staging.article_evidence IS 'One row a statement about an extracted capture that awaits validation.';
COMMENT ON COLUMN staging.article_evidence.fetch_id IS 'Capture.';
COMMENT ON COLUMN staging.article_evidence.evidence_no IS 'Place among the article''s evidence, from 0.';
COMMENT ON COLUMN staging.article_evidence.field IS 'Which value it speaks for: headline, authors, date_published, canonical_url, ...';
COMMENT ON COLUMN staging.article_evidence.value_text IS 'What it says: the text as read, a date in ISO 8601, true or false.';
COMMENT ON COLUMN staging.article_evidence.source IS 'Kind of place it was read from: json_ld, microdata, open_graph, meta, title, link, time, url, text, dateline, feed or model.';
COMMENT ON COLUMN staging.article_evidence.detail IS 'The very place: a property, an element or a block, for example NewsArticle.headline or og:title.';
COMMENT ON COLUMN staging.article_evidence.rule_id IS 'Rule that took it or set it aside.';
COMMENT ON COLUMN staging.article_evidence.is_chosen IS 'True where the article has this value.';
COMMENT ON COLUMN staging.article_evidence.confidence IS '0 to 1: how much the judgement trusts it.';

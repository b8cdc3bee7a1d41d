CREATE TABLE IF NOT EXISTS staging.article_blocks (
    fetch_id VARCHAR NOT NULL,
    block_no INTEGER NOT NULL,
    role VARCHAR NOT NULL,
    is_body BOOLEAN NOT NULL,
    start_char INTEGER,
    end_char INTEGER,
    block_text VARCHAR NOT NULL,
    rule_id VARCHAR NOT NULL,
    confidence DOUBLE
);

COMMENT ON TABLE staging.article_blocks IS 'One row a block of an extracted capture that awaits validation.';
COMMENT ON COLUMN staging.article_blocks.fetch_id IS 'Capture.';
COMMENT ON COLUMN staging.article_blocks.block_no IS 'Place on the page, from 0.';
COMMENT ON COLUMN staging.article_blocks.role IS 'What it is.';
COMMENT ON COLUMN staging.article_blocks.is_body IS 'True where it is part of article_body.';
COMMENT ON COLUMN staging.article_blocks.start_char IS 'Start in article_body.';
COMMENT ON COLUMN staging.article_blocks.end_char IS 'End in article_body, exclusive.';
COMMENT ON COLUMN staging.article_blocks.block_text IS 'Its text.';
COMMENT ON COLUMN staging.article_blocks.rule_id IS 'Rule that decided its role.';
COMMENT ON COLUMN staging.article_blocks.confidence IS '0 to 1.';

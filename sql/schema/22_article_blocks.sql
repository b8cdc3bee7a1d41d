CREATE TABLE IF NOT EXISTS article_blocks (
    article_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    block_no INTEGER NOT NULL,
    role VARCHAR NOT NULL,
    is_body BOOLEAN NOT NULL,
    start_char INTEGER,
    end_char INTEGER,
    block_text VARCHAR NOT NULL,
    rule_id VARCHAR NOT NULL,
    confidence DOUBLE
);

COMMENT ON TABLE article_blocks IS 'One row a visible block of the page, kept or cut, with the rule that decided.';
COMMENT ON COLUMN article_blocks.article_id IS 'Article; with version references article_versions.';
COMMENT ON COLUMN article_blocks.version IS 'Version of the article.';
COMMENT ON COLUMN article_blocks.block_no IS 'Place on the page, from 0.';
COMMENT ON COLUMN article_blocks.role IS 'What it is: headline, body, heading, caption, byline, date, teaser, paywall, share, navigation, ...';
COMMENT ON COLUMN article_blocks.is_body IS 'True where it is part of article_body.';
COMMENT ON COLUMN article_blocks.start_char IS 'Start in article_body (code points, 0-based); NULL for a cut block.';
COMMENT ON COLUMN article_blocks.end_char IS 'End in article_body, exclusive; NULL for a cut block.';
COMMENT ON COLUMN article_blocks.block_text IS 'Its text, spaces folded.';
COMMENT ON COLUMN article_blocks.rule_id IS 'Rule that decided its role.';
COMMENT ON COLUMN article_blocks.confidence IS '0 to 1: how sure that rule is.';

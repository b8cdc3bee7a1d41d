CREATE TABLE IF NOT EXISTS entity_judgements (
    left_id VARCHAR NOT NULL,
    right_id VARCHAR NOT NULL,
    judgement VARCHAR NOT NULL,
    score DOUBLE,
    user VARCHAR,
    reason VARCHAR,
    created_at TIMESTAMPTZ NOT NULL,
    deleted_at TIMESTAMPTZ
);

COMMENT ON TABLE entity_judgements IS 'One row a decision to merge or to keep apart two entities; reversible.';
COMMENT ON COLUMN entity_judgements.left_id IS 'One entity.';
COMMENT ON COLUMN entity_judgements.right_id IS 'The other entity.';
COMMENT ON COLUMN entity_judgements.judgement IS 'positive (the same), negative (not the same) or unsure.';
COMMENT ON COLUMN entity_judgements.score IS 'Score of the proposal; NULL where a person decided.';
COMMENT ON COLUMN entity_judgements.user IS 'Who decided.';
COMMENT ON COLUMN entity_judgements.reason IS 'Why.';
COMMENT ON COLUMN entity_judgements.created_at IS 'When.';
COMMENT ON COLUMN entity_judgements.deleted_at IS 'When it was undone.';

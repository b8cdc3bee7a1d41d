CREATE TABLE IF NOT EXISTS entity_judgements (
    left_id VARCHAR NOT NULL,
    right_id VARCHAR NOT NULL,
    judgement VARCHAR NOT NULL,
    score DOUBLE,
    user VARCHAR,
    reason VARCHAR,
    created_at TIMESTAMPTZ NOT NULL,
    deleted_at TIMESTAMPTZ,
    judgement_id VARCHAR,
    left_anchor VARCHAR,
    right_anchor VARCHAR
);

COMMENT ON TABLE entity_judgements IS 'One row a decision to merge or to keep apart two entities; reversible. A copy of the ledger judgements.jsonl, which outlives the warehouse.';
COMMENT ON COLUMN entity_judgements.left_id IS 'One entity, by its id when it was judged.';
COMMENT ON COLUMN entity_judgements.right_id IS 'The other entity, or what is taken out of the left one: referent:<referent_id> or name:<type>|<name_key>.';
COMMENT ON COLUMN entity_judgements.judgement IS 'positive (the same), negative (not the same) or unsure.';
COMMENT ON COLUMN entity_judgements.score IS 'Score of the proposal; NULL where nothing proposed it.';
COMMENT ON COLUMN entity_judgements.user IS 'Who decided.';
COMMENT ON COLUMN entity_judgements.reason IS 'Why, in the words of who decided; NULL where nothing was said.';
COMMENT ON COLUMN entity_judgements.created_at IS 'When it was decided (UTC).';
COMMENT ON COLUMN entity_judgements.deleted_at IS 'When it was undone (UTC); NULL while it is in force.';
COMMENT ON COLUMN entity_judgements.judgement_id IS 'The decision: what one command decided is undone together.';
COMMENT ON COLUMN entity_judgements.left_anchor IS 'For a local entity its first referent when it was judged: finds it again where its id changed.';
COMMENT ON COLUMN entity_judgements.right_anchor IS 'The same for right_id; beside referent: the id of its article.';

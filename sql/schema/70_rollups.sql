-- What the marts over all mentions read: counted day by day, so that a run counts only the days that changed.
-- pipelines/warehouse/rollups.py keeps them; sql/rollups has what is counted.
CREATE TABLE IF NOT EXISTS rollups.days (
    day DATE NOT NULL,
    state VARCHAR NOT NULL
);

COMMENT ON TABLE rollups.days IS 'One row a day on which an article was first captured: the state of its articles and mentions when they were counted.';
COMMENT ON COLUMN rollups.days.day IS 'Day (UTC) of the first capture of its articles.';
COMMENT ON COLUMN rollups.days.state IS 'How it was counted (hash of sql/rollups), number and hash of what was: a day with another state is counted anew.';

CREATE TABLE IF NOT EXISTS rollups.entity_outlet_days (
    day DATE NOT NULL,
    entity_id VARCHAR NOT NULL,
    outlet_id VARCHAR NOT NULL,
    mention_count INTEGER NOT NULL,
    article_count INTEGER NOT NULL,
    headline_count INTEGER NOT NULL,
    first_captured TIMESTAMPTZ NOT NULL
);

COMMENT ON TABLE rollups.entity_outlet_days IS 'One row a day, an entity and an outlet whose current articles, first captured on that day, name it.';
COMMENT ON COLUMN rollups.entity_outlet_days.day IS 'Day (UTC) of the first capture of the articles.';
COMMENT ON COLUMN rollups.entity_outlet_days.entity_id IS 'Entity; references entities.';
COMMENT ON COLUMN rollups.entity_outlet_days.outlet_id IS 'Who wrote the articles, else who carries them; references sources.';
COMMENT ON COLUMN rollups.entity_outlet_days.mention_count IS 'Spans that name it.';
COMMENT ON COLUMN rollups.entity_outlet_days.article_count IS 'Articles that name it.';
COMMENT ON COLUMN rollups.entity_outlet_days.headline_count IS 'Of these, articles whose headline does.';
COMMENT ON COLUMN rollups.entity_outlet_days.first_captured IS 'When the first of them was first captured.';

CREATE TABLE IF NOT EXISTS rollups.entity_days (
    day DATE NOT NULL,
    entity_id VARCHAR NOT NULL,
    mention_count INTEGER NOT NULL,
    article_count INTEGER NOT NULL,
    headline_count INTEGER NOT NULL,
    publisher_count INTEGER NOT NULL
);

COMMENT ON TABLE rollups.entity_days IS 'One row a day and an entity that current articles, first captured on that day, name: sums over rollups.entity_outlet_days.';
COMMENT ON COLUMN rollups.entity_days.day IS 'Day (UTC) of the first capture of the articles.';
COMMENT ON COLUMN rollups.entity_days.entity_id IS 'Entity; references entities.';
COMMENT ON COLUMN rollups.entity_days.mention_count IS 'Spans that name it.';
COMMENT ON COLUMN rollups.entity_days.article_count IS 'Articles that name it.';
COMMENT ON COLUMN rollups.entity_days.headline_count IS 'Of these, articles whose headline does.';
COMMENT ON COLUMN rollups.entity_days.publisher_count IS 'Outlets that wrote them.';

CREATE TABLE IF NOT EXISTS rollups.entities (
    entity_id VARCHAR NOT NULL,
    mention_count BIGINT NOT NULL,
    article_count BIGINT NOT NULL,
    headline_count BIGINT NOT NULL,
    publisher_count BIGINT NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL
);

COMMENT ON TABLE rollups.entities IS 'One row an entity that current articles name: sums over rollups.entity_outlets.';
COMMENT ON COLUMN rollups.entities.entity_id IS 'Entity; references entities.';
COMMENT ON COLUMN rollups.entities.mention_count IS 'Spans that name it.';
COMMENT ON COLUMN rollups.entities.article_count IS 'Articles that name it.';
COMMENT ON COLUMN rollups.entities.headline_count IS 'Of these, articles whose headline does.';
COMMENT ON COLUMN rollups.entities.publisher_count IS 'Outlets that wrote them.';
COMMENT ON COLUMN rollups.entities.first_day IS 'First day (UTC) on which an article that names it was first captured.';
COMMENT ON COLUMN rollups.entities.last_day IS 'Last day (UTC) on which an article that names it was first captured.';

CREATE TABLE IF NOT EXISTS rollups.entity_outlets (
    entity_id VARCHAR NOT NULL,
    outlet_id VARCHAR NOT NULL,
    mention_count BIGINT NOT NULL,
    article_count BIGINT NOT NULL,
    headline_count BIGINT NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    first_captured TIMESTAMPTZ NOT NULL
);

COMMENT ON TABLE rollups.entity_outlets IS 'One row an entity and an outlet whose current articles name it: sums over rollups.entity_outlet_days.';
COMMENT ON COLUMN rollups.entity_outlets.entity_id IS 'Entity; references entities.';
COMMENT ON COLUMN rollups.entity_outlets.outlet_id IS 'Who wrote the articles, else who carries them; references sources.';
COMMENT ON COLUMN rollups.entity_outlets.mention_count IS 'Spans that name it.';
COMMENT ON COLUMN rollups.entity_outlets.article_count IS 'Articles that name it.';
COMMENT ON COLUMN rollups.entity_outlets.headline_count IS 'Of these, articles whose headline does.';
COMMENT ON COLUMN rollups.entity_outlets.first_day IS 'First day (UTC) on which such an article was first captured.';
COMMENT ON COLUMN rollups.entity_outlets.last_day IS 'Last day (UTC) on which such an article was first captured.';
COMMENT ON COLUMN rollups.entity_outlets.first_captured IS 'When the first of them was first captured.';

CREATE TABLE IF NOT EXISTS rollups.pair_days (
    day DATE NOT NULL,
    left_id VARCHAR NOT NULL,
    right_id VARCHAR NOT NULL,
    sentence_count INTEGER NOT NULL,
    article_count INTEGER NOT NULL
);

COMMENT ON TABLE rollups.pair_days IS 'One row a day and two entities that a sentence of a current article, first captured on that day, names together.';
COMMENT ON COLUMN rollups.pair_days.day IS 'Day (UTC) of the first capture of the articles.';
COMMENT ON COLUMN rollups.pair_days.left_id IS 'The entity whose id sorts first; references entities.';
COMMENT ON COLUMN rollups.pair_days.right_id IS 'The other; references entities.';
COMMENT ON COLUMN rollups.pair_days.sentence_count IS 'Sentences and headlines that name both.';
COMMENT ON COLUMN rollups.pair_days.article_count IS 'Articles that have such a sentence.';

CREATE TABLE IF NOT EXISTS rollups.pairs (
    left_id VARCHAR NOT NULL,
    right_id VARCHAR NOT NULL,
    sentence_count BIGINT NOT NULL,
    article_count BIGINT NOT NULL,
    last_day DATE NOT NULL
);

COMMENT ON TABLE rollups.pairs IS 'One row two entities that stand in one sentence of a current article: sums over rollups.pair_days.';
COMMENT ON COLUMN rollups.pairs.left_id IS 'The entity whose id sorts first; references entities.';
COMMENT ON COLUMN rollups.pairs.right_id IS 'The other; references entities.';
COMMENT ON COLUMN rollups.pairs.sentence_count IS 'Sentences and headlines that name both.';
COMMENT ON COLUMN rollups.pairs.article_count IS 'Articles that have such a sentence.';
COMMENT ON COLUMN rollups.pairs.last_day IS 'Last day (UTC) on which such an article was first captured.';

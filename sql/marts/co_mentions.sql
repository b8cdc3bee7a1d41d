CREATE OR REPLACE VIEW mart.co_mentions AS
SELECT
    p.left_id,
    l.name AS left_name,
    p.right_id,
    r.name AS right_name,
    p.sentence_count,
    p.article_count,
    l.entity_type AS left_type,
    r.entity_type AS right_type,
    p.last_day
FROM rollups.pairs AS p
JOIN main.entities AS l ON p.left_id = l.entity_id
JOIN main.entities AS r ON p.right_id = r.entity_id;

COMMENT ON VIEW mart.co_mentions IS
'One row a pair of entities that stand in one sentence of a current article. Each pair once: mart.who_with_whom has it from both sides.';
COMMENT ON COLUMN mart.co_mentions.left_id IS 'The entity whose id sorts first; references entities.';
COMMENT ON COLUMN mart.co_mentions.left_name IS 'Its name to show.';
COMMENT ON COLUMN mart.co_mentions.right_id IS 'The other; references entities.';
COMMENT ON COLUMN mart.co_mentions.right_name IS 'Its name to show.';
COMMENT ON COLUMN mart.co_mentions.sentence_count IS 'Sentences and headlines that name both, each once however often they do.';
COMMENT ON COLUMN mart.co_mentions.article_count IS 'Articles that have such a sentence.';
COMMENT ON COLUMN mart.co_mentions.left_type IS 'Type of the left one: person, organization, place, nationality or event.';
COMMENT ON COLUMN mart.co_mentions.right_type IS 'Type of the right one.';
COMMENT ON COLUMN mart.co_mentions.last_day IS 'Last day (UTC) on which such an article was first captured.';

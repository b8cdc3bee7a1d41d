CREATE OR REPLACE VIEW mart.who_with_whom AS
WITH both_ways AS (
    SELECT left_id AS entity_id, right_id AS with_id, sentence_count, article_count, last_day
    FROM rollups.pairs
    UNION ALL
    SELECT right_id AS entity_id, left_id AS with_id, sentence_count, article_count, last_day
    FROM rollups.pairs
),

-- Made once and used for both sides: half the work where the whole view is read.
named AS MATERIALIZED (
    SELECT
        e.entity_id,
        e.name,
        e.entity_type,
        t.article_count
    FROM main.entities AS e
    JOIN rollups.entities AS t ON e.entity_id = t.entity_id
)

SELECT
    p.entity_id,
    e.name,
    e.entity_type,
    p.with_id,
    w.name AS with_name,
    w.entity_type AS with_type,
    p.sentence_count,
    p.article_count,
    p.article_count / e.article_count AS share_of_articles,
    -- Jaccard's coefficient (1901), of articles.
    p.article_count / (e.article_count + w.article_count - p.article_count) AS closeness,
    p.last_day
FROM both_ways AS p
JOIN named AS e ON p.entity_id = e.entity_id
JOIN named AS w ON p.with_id = w.entity_id;

COMMENT ON VIEW mart.who_with_whom IS
'One row an entity and another that a sentence of a current article names beside it, each pair from both sides: how often, and how close the two are.';
COMMENT ON COLUMN mart.who_with_whom.entity_id IS 'The one; references entities.';
COMMENT ON COLUMN mart.who_with_whom.name IS 'Its name to show. Two entities may have one name.';
COMMENT ON COLUMN mart.who_with_whom.entity_type IS 'Its type: person, organization, place, nationality or event.';
COMMENT ON COLUMN mart.who_with_whom.with_id IS 'The other; references entities.';
COMMENT ON COLUMN mart.who_with_whom.with_name IS 'The other''s name.';
COMMENT ON COLUMN mart.who_with_whom.with_type IS 'The other''s type.';
COMMENT ON COLUMN mart.who_with_whom.sentence_count IS 'Sentences and headlines that name both, each once however often they do.';
COMMENT ON COLUMN mart.who_with_whom.article_count IS 'Articles that have such a sentence.';
COMMENT ON COLUMN mart.who_with_whom.share_of_articles IS 'Of the articles that name the one, the share that have such a sentence, above 0 to 1.';
COMMENT ON COLUMN mart.who_with_whom.closeness IS 'Of the articles that name either, the share that name both in one sentence (Jaccard), above 0 to 1. High for pairs seldom named: ask for some article_count with it.';
COMMENT ON COLUMN mart.who_with_whom.last_day IS 'Last day (UTC) on which such an article was first captured.';

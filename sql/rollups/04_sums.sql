-- Sums of the entities and pairs that a changed day names or named.
INSERT INTO changed_entities
SELECT DISTINCT entity_id
FROM rollups.entity_days
WHERE day IN (SELECT c.day FROM changed_days AS c)
EXCEPT
FROM changed_entities;

INSERT INTO changed_pairs
SELECT DISTINCT left_id, right_id
FROM rollups.pair_days
WHERE day IN (SELECT c.day FROM changed_days AS c)
EXCEPT
FROM changed_pairs;

DELETE FROM rollups.entity_outlets
WHERE entity_id IN (SELECT c.entity_id FROM changed_entities AS c);

INSERT INTO rollups.entity_outlets BY NAME
SELECT
    d.entity_id,
    d.outlet_id,
    sum(d.mention_count) AS mention_count,
    sum(d.article_count) AS article_count,
    sum(d.headline_count) AS headline_count,
    min(d.day) AS first_day,
    max(d.day) AS last_day,
    min(d.first_captured) AS first_captured
FROM rollups.entity_outlet_days AS d
SEMI JOIN changed_entities AS c ON d.entity_id = c.entity_id
GROUP BY d.entity_id, d.outlet_id
ORDER BY d.entity_id;

DELETE FROM rollups.entities
WHERE entity_id IN (SELECT c.entity_id FROM changed_entities AS c);

INSERT INTO rollups.entities BY NAME
SELECT
    o.entity_id,
    sum(o.mention_count) AS mention_count,
    sum(o.article_count) AS article_count,
    sum(o.headline_count) AS headline_count,
    count(*) AS publisher_count,
    min(o.first_day) AS first_day,
    max(o.last_day) AS last_day
FROM rollups.entity_outlets AS o
SEMI JOIN changed_entities AS c ON o.entity_id = c.entity_id
GROUP BY o.entity_id;

DELETE FROM rollups.pairs
USING changed_pairs AS c
WHERE pairs.left_id = c.left_id AND pairs.right_id = c.right_id;

INSERT INTO rollups.pairs BY NAME
SELECT
    d.left_id,
    d.right_id,
    sum(d.sentence_count) AS sentence_count,
    sum(d.article_count) AS article_count,
    max(d.day) AS last_day
FROM rollups.pair_days AS d
SEMI JOIN changed_pairs AS c ON d.left_id = c.left_id AND d.right_id = c.right_id
GROUP BY d.left_id, d.right_id
ORDER BY d.left_id;

-- Last, since it says that the days are counted.
DELETE FROM rollups.days
WHERE day IN (SELECT c.day FROM changed_days AS c);

INSERT INTO rollups.days BY NAME
SELECT day, state
FROM changed_days
WHERE state IS NOT NULL;

DROP TABLE counted_mentions;

DROP TABLE changed_pairs;

DROP TABLE changed_entities;

-- Gives each referent its entity. Within a transaction.
-- Temporary tables: merged (base_id, entity_id) and moved (referent_id, entity_id) of judgements; base_id is up to date
-- (entities_base.sql). Empties ops.unassigned.
-- Leaves changed (referent_id, old_id, entity_id) and touched (entity_id), and in ops.unaudited the days of what
-- changed, whatever the day of the run. Variable: run_id.
CREATE OR REPLACE TEMP TABLE before AS
SELECT u.referent_id, min(u.entity_id) AS entity_id
FROM ops.unassigned AS u
WHERE u.entity_id IS NOT NULL
GROUP BY u.referent_id;

CREATE OR REPLACE TEMP TABLE changed AS
SELECT
    a.article_id,
    a.version,
    a.referent_id,
    coalesce(a.entity_id, b.entity_id) AS old_id,
    coalesce(v.entity_id, m.entity_id, a.base_id) AS entity_id
FROM article_entities AS a
LEFT JOIN moved AS v ON a.referent_id = v.referent_id
LEFT JOIN merged AS m ON a.base_id = m.base_id
LEFT JOIN before AS b ON a.referent_id = b.referent_id
WHERE a.entity_id IS DISTINCT FROM coalesce(v.entity_id, m.entity_id, a.base_id);

UPDATE article_entities AS a
SET entity_id = c.entity_id
FROM changed AS c
WHERE a.article_id = c.article_id AND a.version = c.version AND a.referent_id = c.referent_id;

UPDATE mentions AS m
SET entity_id = c.entity_id
FROM changed AS c
WHERE m.article_id = c.article_id AND m.version = c.version AND m.referent_id = c.referent_id;

INSERT INTO ops.unaudited BY NAME
SELECT DISTINCT
    'mentions' AS asset_key,
    v.fetch_date AS partition_key,
    now() AS changed_at,
    getvariable('run_id') AS run_id
FROM changed AS c
JOIN article_versions AS v ON c.article_id = v.article_id AND c.version = v.version;

CREATE OR REPLACE TEMP TABLE touched AS
SELECT c.entity_id
FROM changed AS c
WHERE c.entity_id IS NOT NULL
UNION
SELECT c.old_id
FROM changed AS c
WHERE c.old_id IS NOT NULL
UNION
SELECT b.entity_id
FROM before AS b
UNION
SELECT e.entity_id
FROM entities AS e
WHERE e.entity_id NOT IN (SELECT m.entity_id FROM mentions AS m WHERE m.entity_id IS NOT NULL);

DELETE FROM ops.unassigned;

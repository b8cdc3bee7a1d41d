-- One batch of annotated texts -> mentions, article_entities, ops.unassigned, ops.recognitions. One transaction.
-- Temporary tables: read_texts (article_id, version, mention_count), found_mentions (as mentions),
-- found_things (as article_entities). Variables: run_id, recognizer_version.
INSERT INTO ops.unassigned BY NAME
SELECT a.referent_id, a.entity_type, a.name_key, a.reason, a.entity_id
FROM article_entities AS a
JOIN read_texts AS t ON a.article_id = t.article_id AND a.version = t.version;

INSERT INTO ops.unassigned BY NAME
SELECT f.referent_id, f.entity_type, f.name_key, f.reason
FROM found_things AS f;

DELETE FROM mentions AS m
USING read_texts AS t
WHERE m.article_id = t.article_id AND m.version = t.version;

DELETE FROM article_entities AS a
USING read_texts AS t
WHERE a.article_id = t.article_id AND a.version = t.version;

INSERT INTO mentions BY NAME
SELECT f.* EXCLUDE (run_id), getvariable('run_id') AS run_id
FROM found_mentions AS f;

INSERT INTO article_entities BY NAME
SELECT f.* EXCLUDE (run_id), getvariable('run_id') AS run_id
FROM found_things AS f;

DELETE FROM ops.recognitions AS r
USING read_texts AS t
WHERE r.article_id = t.article_id AND r.version = t.version;

INSERT INTO ops.recognitions BY NAME
SELECT
    t.article_id,
    t.version,
    getvariable('recognizer_version') AS recognizer_version,
    t.mention_count,
    now() AS recognised_at,
    getvariable('run_id') AS run_id
FROM read_texts AS t;

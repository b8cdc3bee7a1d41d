-- The entity that articles alone show, before people's judgements. Temporary table: clustered (referent_id, base_id).
UPDATE article_entities AS a
SET base_id = c.base_id
FROM clustered AS c
WHERE a.referent_id = c.referent_id AND a.reason = 'local' AND a.base_id IS DISTINCT FROM c.base_id;

-- Local names that judgements bear on which came or were undone since the last run -> ops.unassigned.
-- Temporary table: rejudged (any_id, anchor).
INSERT INTO ops.unassigned BY NAME
SELECT DISTINCT a.referent_id, a.entity_type, a.name_key, a.reason, a.entity_id
FROM article_entities AS a
WHERE
    a.reason = 'local'
    AND (
        a.referent_id IN (SELECT r.anchor FROM rejudged AS r WHERE r.anchor IS NOT NULL)
        OR a.base_id IN (SELECT r.any_id FROM rejudged AS r)
    );

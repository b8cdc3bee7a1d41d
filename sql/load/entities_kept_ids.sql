-- Ids that entities had before a rebuild lead on: to the same entity, else to where most of what they named is now.
-- Ids that came and went within the rebuild were never seen: they lead nowhere.
-- Attached database: former, the warehouse of before. Variable: run_id.
DELETE FROM entity_redirects
WHERE
    reason = 'articles'
    AND old_id NOT IN (
        SELECT e.entity_id FROM former.main.entities AS e
        UNION ALL
        SELECT r.old_id FROM former.main.entity_redirects AS r
    );

INSERT INTO entity_redirects BY NAME
WITH former_ids AS (
    SELECT e.entity_id AS old_id, e.entity_id, 'articles' AS reason, NULL::TIMESTAMPTZ AS since
    FROM former.main.entities AS e
    UNION ALL
    SELECT r.old_id, r.entity_id, r.reason, r.since
    FROM former.main.entity_redirects AS r
),

present AS (
    SELECT f.entity_id AS former_id, n.entity_id
    FROM former.main.article_entities AS f
    JOIN article_entities AS n ON f.article_id = n.article_id AND f.name_key = n.name_key
    WHERE f.entity_id IS NOT NULL AND n.entity_id IS NOT NULL
    GROUP BY f.entity_id, n.entity_id
    QUALIFY row_number() OVER (PARTITION BY f.entity_id ORDER BY count(*) DESC, n.entity_id) = 1
)

SELECT
    f.old_id,
    coalesce(e.entity_id, p.entity_id) AS entity_id,
    f.reason,
    coalesce(f.since, now()) AS since,
    getvariable('run_id') AS run_id
FROM former_ids AS f
LEFT JOIN entities AS e ON f.entity_id = e.entity_id
LEFT JOIN present AS p ON f.entity_id = p.former_id
WHERE
    coalesce(e.entity_id, p.entity_id) IS NOT NULL
    AND f.old_id NOT IN (SELECT t.entity_id FROM entities AS t)
    AND f.old_id NOT IN (SELECT r.old_id FROM entity_redirects AS r)
QUALIFY row_number() OVER (PARTITION BY f.old_id ORDER BY f.reason = 'judgement' DESC, f.entity_id) = 1;

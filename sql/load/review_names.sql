-- Entities with the names that they bear, the most mentioned first; a surname or an acronym alone tells nothing.
-- Parameter: $kind.
WITH counted AS (
    SELECT m.entity_id, count(*) AS mentions
    FROM mentions AS m
    WHERE m.entity_id IS NOT NULL
    GROUP BY m.entity_id
),

named AS (
    SELECT n.entity_id, list(DISTINCT n.name ORDER BY n.name) AS names
    FROM entity_names AS n
    WHERE n.name_kind <> 'weak_alias' AND n.lang IS NULL
    GROUP BY n.entity_id
)

SELECT e.entity_id, e.entity_type, e.name, e.country, e.origin, c.mentions, coalesce(n.names, []) AS names
FROM entities AS e
JOIN counted AS c ON e.entity_id = c.entity_id
LEFT JOIN named AS n ON e.entity_id = n.entity_id
WHERE $kind IS NULL OR e.entity_type = $kind
ORDER BY c.mentions DESC, e.entity_id;

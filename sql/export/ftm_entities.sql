-- Entities that the exported articles name, with their names. Parameters: first_day, last_day (NULL: open).
WITH named AS (
    SELECT DISTINCT n.entity_id
    FROM article_entities AS n
    JOIN articles AS a ON n.article_id = a.article_id AND n.version = a.version
    JOIN article_rights AS r ON n.article_id = r.article_id
    WHERE
        r.effect <> 'row'
        AND ($first_day::DATE IS NULL OR r.day >= $first_day)
        AND ($last_day::DATE IS NULL OR r.day <= $last_day)
),

names AS (
    SELECT
        entity_id,
        list(DISTINCT name ORDER BY name) FILTER (WHERE name_kind = 'alias') AS aliases,
        list(DISTINCT name ORDER BY name) FILTER (WHERE name_kind = 'weak_alias') AS weak_aliases
    FROM entity_names
    WHERE (entity_id, name) NOT IN (SELECT (w.entity_id, w.name) FROM withheld_names AS w)
    GROUP BY entity_id
)

SELECT
    e.entity_id,
    e.entity_type,
    e.name,
    e.country,
    e.wikidata_id,
    n.aliases,
    n.weak_aliases
FROM entities AS e
LEFT JOIN names AS n ON e.entity_id = n.entity_id
WHERE e.entity_id IN (SELECT entity_id FROM named)
ORDER BY e.entity_id

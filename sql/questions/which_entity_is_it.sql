-- Which entities bear a name?
-- Looks the name up among all names of all entities, old ids included; what bears the very name comes first, then, with
-- part, what has it as part of a name. matched lists the names that match.
-- topic: entities
-- $name text = (SELECT name FROM mart.dim_entity ORDER BY article_count DESC, entity_id LIMIT 1):
--     a name or an id; case and accents don't count.
-- $part boolean = TRUE: names that only contain it count too.
-- $top integer = 20: rows shown.
WITH given AS (
    SELECT
        $name::VARCHAR AS name,
        $part::BOOLEAN AS part,
        $top::BIGINT AS top
),

matches AS (
    SELECT
        n.entity_id,
        n.name AS matched,
        lower(strip_accents(n.name)) = lower(strip_accents(g.name)) AS is_exact
    FROM entity_names AS n
    JOIN given AS g
        ON CASE
            WHEN g.part THEN contains(lower(strip_accents(n.name)), lower(strip_accents(g.name)))
            ELSE lower(strip_accents(n.name)) = lower(strip_accents(g.name))
        END
    UNION ALL
    SELECT
        i.entity_id,
        i.any_id AS matched,
        TRUE AS is_exact
    FROM entity_ids AS i
    JOIN given AS g ON i.any_id = g.name
)

SELECT
    e.name,
    e.entity_type,
    e.country,
    bool_or(m.is_exact) AS is_exact,
    list(DISTINCT m.matched ORDER BY m.matched)[:5] AS matched,
    any_value(e.article_count) AS articles,
    any_value(e.publisher_count) AS publishers,
    e.wikidata_id,
    e.entity_id
FROM matches AS m
JOIN mart.dim_entity AS e ON m.entity_id = e.entity_id
GROUP BY e.name, e.entity_type, e.country, e.wikidata_id, e.entity_id
ORDER BY is_exact DESC, articles DESC, e.name, e.entity_id
LIMIT (SELECT given.top FROM given);

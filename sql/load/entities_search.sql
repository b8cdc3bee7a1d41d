-- Entities by name, alias or id, also an id of before; the best match first. Parameters: $needle, $kind.
WITH folded_names AS (
    SELECT
        n.entity_id,
        n.name,
        trim(regexp_replace(strip_accents(lower(n.name)), '[^\p{L}\p{N}]+', ' ', 'g')) AS folded
    FROM (
        SELECT entity_id, name FROM entity_names
        UNION
        SELECT entity_id, name FROM entities
    ) AS n
),

asked AS (
    SELECT trim(regexp_replace(strip_accents(lower($needle)), '[^\p{L}\p{N}]+', ' ', 'g')) AS folded
),

words AS (
    SELECT DISTINCT unnest(string_split(a.folded, ' ')) AS word
    FROM asked AS a
    WHERE a.folded <> ''
),

by_name AS (
    SELECT
        f.entity_id,
        f.name AS matched,
        CASE WHEN f.folded = a.folded THEN 1 WHEN starts_with(f.folded, a.folded || ' ') THEN 2 ELSE 3 END AS rank
    FROM folded_names AS f
    CROSS JOIN asked AS a
    JOIN words AS w ON contains(' ' || f.folded, ' ' || w.word)
    GROUP BY f.entity_id, f.name, f.folded, a.folded
    HAVING count(*) = (SELECT count(*) FROM words)
),

by_id AS (
    SELECT i.entity_id, i.any_id AS matched, if(i.any_id = $needle, 0, 4) AS rank
    FROM entity_ids AS i
    WHERE
        i.any_id = $needle
        OR (len($needle) >= 4 AND (starts_with(i.any_id, $needle) OR starts_with(i.any_id, 'local:' || $needle)))
),

best AS (
    SELECT b.entity_id, min(b.rank) AS rank, arg_min(b.matched, (b.rank, len(b.matched), b.matched)) AS matched
    FROM (
        SELECT entity_id, matched, rank FROM by_name
        UNION ALL
        SELECT entity_id, matched, rank FROM by_id
    ) AS b
    GROUP BY b.entity_id
),

counted AS (
    SELECT m.entity_id, count(*) AS mentions, count(DISTINCT m.article_id) AS articles
    FROM mentions AS m
    WHERE m.entity_id IN (SELECT b.entity_id FROM best AS b)
    GROUP BY m.entity_id
)

SELECT
    e.entity_id,
    e.name,
    e.entity_type,
    e.country,
    e.wikidata_id,
    e.origin,
    coalesce(c.mentions, 0) AS mentions,
    coalesce(c.articles, 0) AS articles,
    e.first_seen,
    e.last_seen,
    b.matched
FROM best AS b
JOIN entities AS e ON b.entity_id = e.entity_id
LEFT JOIN counted AS c ON b.entity_id = c.entity_id
WHERE $kind IS NULL OR e.entity_type = $kind
ORDER BY b.rank, mentions DESC, e.name, e.entity_id;

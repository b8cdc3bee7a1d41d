-- Referents of some entities as articles alone show them, with what judgements tell them apart by: article, context and
-- the fullest form that the article prints. Parameter: $bases.
WITH things AS (
    SELECT
        a.referent_id,
        a.article_id,
        a.entity_type,
        a.base_id,
        min(if(a.reason = 'local', a.name_key, NULL)) AS name_key,
        list_sort(list_distinct(flatten(list(a.context)))) AS context
    FROM article_entities AS a
    WHERE list_contains($bases, a.base_id)
    GROUP BY a.referent_id, a.article_id, a.entity_type, a.base_id
),

printed AS (
    SELECT m.referent_id, m.exact
    FROM mentions AS m
    WHERE m.referent_id IN (SELECT t.referent_id FROM things AS t)
    GROUP BY m.referent_id, m.exact
    QUALIFY row_number() OVER (
        PARTITION BY m.referent_id
        ORDER BY len(string_split(m.exact, ' ')) DESC, len(m.exact) DESC, m.exact
    ) = 1
)

SELECT t.referent_id, t.article_id, t.entity_type, t.base_id, t.name_key, t.context, p.exact
FROM things AS t
LEFT JOIN printed AS p ON t.referent_id = p.referent_id
ORDER BY t.referent_id;

-- One place of each entity with the words around it: of the latest article, where its fullest name stands.
-- Parameter: $ids.
SELECT
    m.entity_id,
    CASE
        WHEN m.in_headline THEN v.headline
        ELSE substring(v.article_body, greatest(1, m.start_char - 69), 70 + m.end_char - m.start_char + 70)
    END AS words,
    m.in_headline OR m.start_char <= 70 AS from_start
FROM mentions AS m
JOIN article_versions AS v ON m.article_id = v.article_id AND m.version = v.version
WHERE list_contains($ids, m.entity_id)
QUALIFY
    row_number() OVER (
        PARTITION BY m.entity_id
        ORDER BY m.in_headline, len(m.exact) DESC, v.valid_from DESC, m.article_id, m.start_char
    ) = 1
ORDER BY m.entity_id;

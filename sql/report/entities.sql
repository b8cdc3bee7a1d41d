-- Who and what is in the news? The twelve of each kind that most publishers name.
WITH counted AS (
    SELECT
        entity_id,
        count(DISTINCT outlet_id) AS publisher_count,
        sum(article_count)::BIGINT AS article_count,
        sum(headline_count)::BIGINT AS headline_count,
        sum(mention_count)::BIGINT AS mention_count
    FROM rollups.entity_outlet_days
    WHERE day BETWEEN $first AND $last
    GROUP BY entity_id
)

SELECT
    e.entity_type,
    e.name,
    e.country,
    c.publisher_count,
    c.article_count,
    c.headline_count,
    c.mention_count,
    e.entity_id
FROM counted AS c
JOIN entities AS e ON c.entity_id = e.entity_id
WHERE e.entity_type IN ('person', 'organization', 'place')
QUALIFY
    row_number() OVER (
        PARTITION BY e.entity_type ORDER BY c.publisher_count DESC, c.article_count DESC, e.name, e.entity_id
    ) <= 12
ORDER BY e.entity_type, c.publisher_count DESC, c.article_count DESC, e.name, e.entity_id;

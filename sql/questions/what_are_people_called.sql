-- As what do outlets print a person? Each role with how often, and by how many publishers.
SELECT
    e.name,
    m.role_text,
    m.role_office,
    m.role_country,
    count(*) AS mentions,
    count(DISTINCT coalesce(a.publisher_id, a.source_id)) AS publishers
FROM mentions AS m
JOIN articles AS a ON m.article_id = a.article_id AND m.version = a.version
JOIN entities AS e ON m.entity_id = e.entity_id
WHERE m.role_text IS NOT NULL
GROUP BY ALL
ORDER BY mentions DESC, e.name, m.role_text
LIMIT 20;

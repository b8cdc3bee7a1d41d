-- Where is an entity whose id I saved? Old ids lead to the present one: join through entity_ids.
SELECT
    i.any_id,
    e.entity_id,
    e.name,
    r.reason AS redirected_by,
    count(m.mention_id) AS mentions
FROM entity_ids AS i
JOIN entities AS e ON i.entity_id = e.entity_id
LEFT JOIN entity_redirects AS r ON i.any_id = r.old_id
LEFT JOIN mentions AS m ON e.entity_id = m.entity_id
GROUP BY ALL
ORDER BY redirected_by NULLS LAST, mentions DESC, i.any_id
LIMIT 20;

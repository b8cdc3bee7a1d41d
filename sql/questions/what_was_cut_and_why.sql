-- What was cut from the pages, by which rule?
SELECT
    b.role,
    b.rule_id,
    count(*) AS blocks,
    count(DISTINCT b.article_id) AS articles,
    min_by(b.block_text, (length(b.block_text), b.block_text)) AS shortest_example
FROM article_blocks AS b
JOIN articles AS a ON b.article_id = a.article_id AND b.version = a.version
WHERE NOT b.is_body
GROUP BY ALL
ORDER BY blocks DESC, b.role, b.rule_id;

-- Who appears with whom in one sentence?
SELECT
    left_name,
    right_name,
    sentence_count,
    article_count
FROM mart.co_mentions
ORDER BY sentence_count DESC, left_name, right_name
LIMIT 20;

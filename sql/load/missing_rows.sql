-- What the warehouse has and the snapshot, attached as live, lacks: articles (whose current version is not there) and
-- mentions (of texts that were not read by then), by source and day; the latest day first.
WITH new_versions AS (
    SELECT v.source_id, v.fetch_date, v.article_id
    FROM article_versions AS v
    WHERE
        v.valid_to IS NULL
        AND NOT EXISTS (
            SELECT 1 FROM live.main.article_versions AS l
            WHERE l.article_id = v.article_id AND l.version = v.version
        )
),

new_readings AS (
    SELECT v.source_id, v.fetch_date, r.article_id, r.version
    FROM ops.recognitions AS r
    JOIN article_versions AS v ON r.article_id = v.article_id AND r.version = v.version
    WHERE
        NOT EXISTS (
            SELECT 1 FROM live.ops.recognitions AS l
            WHERE
                l.article_id = r.article_id AND l.version = r.version
                AND l.recognizer_version = r.recognizer_version
        )
),

counts AS (
    SELECT source_id, fetch_date, count(DISTINCT article_id) AS articles, 0 AS mentions
    FROM new_versions
    GROUP BY ALL
    UNION ALL
    SELECT n.source_id, n.fetch_date, 0 AS articles, count(*) AS mentions
    FROM new_readings AS n
    JOIN mentions AS m ON n.article_id = m.article_id AND n.version = m.version
    GROUP BY ALL
)

SELECT
    fetch_date AS day,
    source_id,
    sum(articles)::BIGINT AS articles,
    sum(mentions)::BIGINT AS mentions
FROM counts
GROUP BY ALL
ORDER BY day DESC, articles DESC, mentions DESC, source_id;

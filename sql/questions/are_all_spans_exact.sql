-- Are all spans exact? broken must be 0.
SELECT
    count(*) AS mentions,
    count(*) FILTER (
        WHERE substring(
            CASE WHEN m.in_headline THEN v.headline ELSE v.article_body END,
            m.start_char + 1,
            m.end_char - m.start_char
        ) IS DISTINCT FROM m.exact
    ) AS broken
FROM mentions AS m
JOIN article_versions AS v ON m.article_id = v.article_id AND m.version = v.version;

-- How sure is the date of publication, and where was it read?
SELECT
    a.date_published_precision,
    a.date_published_source,
    count(*) AS article_count,
    count(*) / sum(count(*)) OVER () AS share,
    count(*) FILTER (WHERE a.date_published > f.valid_from + INTERVAL 1 DAY) AS in_future_count
FROM articles AS a
JOIN article_versions AS f ON a.article_id = f.article_id AND f.version = 1
WHERE f.fetch_date BETWEEN $first AND $last
GROUP BY a.date_published_precision, a.date_published_source
ORDER BY
    array_position(['second', 'minute', 'hour', 'day', 'month', 'year'], a.date_published_precision) NULLS LAST,
    article_count DESC,
    a.date_published_source;

-- How sure are the dates? Where each was read, and how much of it is stated.
SELECT
    coalesce(date_published_source, 'not stated') AS read_from,
    coalesce(date_published_precision, 'unknown') AS precise_to_the,
    count(*) AS articles
FROM articles
GROUP BY ALL
ORDER BY articles DESC, read_from, precise_to_the;

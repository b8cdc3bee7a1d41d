-- How many published articles did their publishers change, day by day, and what?
SELECT
    date_trunc($unit, changed_at::DATE)::DATE AS day,
    CASE WHEN headline_changed THEN 'headline' WHEN body_changed THEN 'text' ELSE 'date, authors or other' END AS part,
    count(*) AS edits
FROM mart.article_changes
WHERE change_kind = 'publisher_edit' AND changed_at::DATE BETWEEN $first AND $last
GROUP BY ALL
ORDER BY day, part;

-- Current articles of one day, which may be handed on. Texts are NULL where they may not.
-- Parameters: day, first, last (row numbers of article_versions), text_effects (those that let texts out).
SELECT
    t.article_id,
    t.version,
    t.url,
    t.canonical_url,
    t.headline,
    t.byline,
    t.authors,
    t.agencies,
    t.dateline_place,
    t.date_published,
    t.date_published_precision,
    t.date_modified,
    t.in_language,
    t.article_section,
    CASE WHEN list_contains($text_effects, r.effect) THEN t.description END AS description,
    CASE WHEN list_contains($text_effects, r.effect) THEN t.article_body END AS article_body,
    t.word_count,
    t.valid_from,
    f.valid_from AS first_captured,
    s.name AS source_name,
    p.name AS publisher_name,
    p.homepage AS publisher_homepage,
    CASE WHEN r.effect = 'open' THEN coalesce(l.usage_terms, r.stated) END AS usage_terms,
    CASE WHEN r.effect = 'open' THEN nullif(l.licence_url, '') END AS licence_url
FROM article_versions AS t
JOIN article_rights AS r ON t.article_id = r.article_id
LEFT JOIN article_versions AS f ON t.article_id = f.article_id AND f.version = 1
LEFT JOIN sources AS s ON t.source_id = s.source_id
LEFT JOIN sources AS p ON t.publisher_id = p.source_id
LEFT JOIN source_terms AS l ON r.said_by = l.source_id
WHERE
    t.rowid BETWEEN $first AND $last
    AND r.day = $day
    AND t.valid_to IS NULL
    AND r.effect <> 'row'
ORDER BY t.article_id

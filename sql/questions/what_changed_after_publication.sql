-- What did publishers change after publication?
SELECT
    v.url,
    v.version,
    v.valid_from,
    before.headline AS headline_before,
    v.headline AS headline_after,
    v.word_count - before.word_count AS words_more
FROM article_versions AS v
JOIN article_versions AS before ON v.article_id = before.article_id AND v.version = before.version + 1
WHERE v.change_kind = 'publisher_edit'
ORDER BY v.valid_from, v.url;

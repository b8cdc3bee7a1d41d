-- Where was a field of an article read?
-- Every piece of evidence for a field: where on the page it stands (source, detail), what it says, the rule that took
-- it or set it aside, and whether the article has this value (chosen). The bytes are archive_path and payload_sha256.
-- topic: trust
-- $article text = (SELECT article_id FROM article_versions ORDER BY version DESC, valid_from DESC, article_id LIMIT 1):
--     its id or address.
-- $field text = NULL: one field alone: headline, authors, date_published, publisher, in_language, …
WITH given AS (
    SELECT
        $article::VARCHAR AS article,
        $field::VARCHAR AS field
),

asked AS (
    SELECT DISTINCT v.article_id
    FROM article_versions AS v
    JOIN given AS g ON g.article IN (v.article_id, v.url, v.canonical_url)
)

SELECT
    x.field,
    x.value_text AS says,
    x.is_chosen AS chosen,
    x.source,
    x.detail,
    x.rule_id AS rule,
    x.confidence,
    v.version,
    f.payload_sha256,
    f.archive_path,
    v.article_id
FROM article_evidence AS x
JOIN asked AS a ON x.article_id = a.article_id
JOIN articles AS v ON x.article_id = v.article_id AND x.version = v.version
JOIN raw.fetches AS f ON v.fetch_id = f.fetch_id
CROSS JOIN given AS g
WHERE g.field IS NULL OR x.field = g.field
ORDER BY v.article_id, x.field, chosen DESC, x.evidence_no;

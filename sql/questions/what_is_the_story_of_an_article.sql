-- What happened to one article, capture by capture?
-- In order of time: when it says that it was published, each capture of it with what became of it, each version with
-- what it holds. Asks for the article that has changed most, where none is given.
-- topic: articles
-- $article text = (SELECT article_id FROM article_versions ORDER BY version DESC, valid_from DESC, article_id LIMIT 1):
--     its id or address.
WITH given AS (
    SELECT
        $article::VARCHAR AS article
),

asked AS (
    SELECT DISTINCT v.article_id
    FROM article_versions AS v
    JOIN given AS g ON g.article IN (v.article_id, v.url, v.canonical_url)
),

events AS (
    SELECT
        v.date_published AS at,
        1 AS place,
        'published' AS event,
        concat_ws(', ', 'as read from ' || v.date_published_source, 'to the ' || v.date_published_precision) AS detail,
        v.headline,
        NULL AS version,
        v.article_id,
        v.fetch_id
    FROM articles AS v
    JOIN asked AS a ON v.article_id = a.article_id
    WHERE v.date_published IS NOT NULL
    UNION ALL
    SELECT
        f.fetched_at AS at,
        2 AS place,
        'captured' AS event,
        concat_ws(', ', 'from ' || f.source_id, min(x.outcome), min(x.outcome_reason)) AS detail,
        NULL AS headline,
        NULL AS version,
        x.article_id,
        f.fetch_id
    FROM ops.extractions AS x
    JOIN asked AS a ON x.article_id = a.article_id
    JOIN raw.fetches AS f ON x.fetch_id = f.fetch_id
    GROUP BY f.fetched_at, f.source_id, x.article_id, f.fetch_id
    UNION ALL
    SELECT
        v.valid_from AS at,
        3 AS place,
        'version' AS event,
        concat(v.change_kind, ', ', v.word_count, ' words, ', coalesce(v.byline, 'no byline')) AS detail,
        v.headline,
        v.version,
        v.article_id,
        v.fetch_id
    FROM article_versions AS v
    JOIN asked AS a ON v.article_id = a.article_id
)

SELECT
    e.at,
    e.event,
    e.version,
    e.headline,
    e.detail,
    f.payload_sha256,
    f.archive_path,
    e.article_id,
    e.fetch_id
FROM events AS e
LEFT JOIN raw.fetches AS f ON e.fetch_id = f.fetch_id
ORDER BY e.article_id, e.at, e.place, e.version, e.fetch_id;

-- Where does a mention come from, down to the archived bytes?
-- From the span (exact, with the words around it) to the article, its capture and the payload: archive_path is the file
-- below the archive, payload_sha256 the hash of its bytes, start_char and end_char the place in the text.
-- topic: trust
-- $mention text = NULL: one mention alone: its mention_id.
-- $article text = (SELECT article_id FROM articles ORDER BY fetch_date DESC, article_id LIMIT 1):
--     where no mention is given, mentions in this article: its id or address.
-- $top integer = 10: rows shown.
WITH given AS (
    SELECT
        $mention::VARCHAR AS mention,
        $article::VARCHAR AS article,
        $top::BIGINT AS top
),

asked AS (
    SELECT DISTINCT v.article_id
    FROM article_versions AS v
    JOIN given AS g ON g.article IN (v.article_id, v.url, v.canonical_url)
),

shown AS (
    SELECT m.*
    FROM mentions AS m
    JOIN given AS g ON m.mention_id = g.mention
    UNION ALL
    SELECT m.*
    FROM mentions AS m
    JOIN asked AS a ON m.article_id = a.article_id
    CROSS JOIN given AS g
    WHERE g.mention IS NULL
)

SELECT
    m.exact,
    concat(m.prefix, '[', m.exact, ']', m.suffix) AS in_context,
    e.name AS entity,
    v.headline,
    v.version,
    m.in_headline,
    m.start_char,
    m.end_char,
    coalesce(f.target_uri, f.location) AS captured_from,
    f.fetched_at,
    f.payload_sha256,
    f.archive_path,
    v.extractor_version,
    m.recognizer,
    m.recognizer_version,
    m.mention_id
FROM shown AS m
JOIN article_versions AS v ON m.article_id = v.article_id AND m.version = v.version
JOIN raw.fetches AS f ON v.fetch_id = f.fetch_id
LEFT JOIN entities AS e ON m.entity_id = e.entity_id
ORDER BY v.article_id, v.version, NOT m.in_headline, m.start_char, m.mention_id
LIMIT (SELECT given.top FROM given);

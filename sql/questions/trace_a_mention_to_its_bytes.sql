-- Where does this value come from? From a mention to the payload in the archive.
SELECT
    m.exact,
    v.headline,
    v.version,
    f.target_uri,
    f.fetched_at,
    f.payload_sha256,
    f.archive_path,
    v.extractor_version,
    m.recognizer_version
FROM mentions AS m
JOIN article_versions AS v ON m.article_id = v.article_id AND m.version = v.version
JOIN raw.fetches AS f ON v.fetch_id = f.fetch_id
ORDER BY m.mention_id
LIMIT 10;

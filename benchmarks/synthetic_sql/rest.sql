UPDATE entities SET first_seen = s.first_seen, last_seen = s.last_seen
FROM (
    SELECT m.entity_id, min(v.valid_from) AS first_seen, max(v.valid_from) AS last_seen
    FROM mentions AS m
    JOIN article_versions AS v ON m.article_id = v.article_id AND m.version = v.version
    GROUP BY m.entity_id
) AS s
WHERE entities.entity_id = s.entity_id;

DELETE FROM entities WHERE first_seen IS NULL;

INSERT INTO entity_names BY NAME
SELECT entity_id, name, 'name' AS name_kind, 'en' AS lang, origin FROM entities
UNION ALL
SELECT entity_id, upper(name) AS name, 'alias' AS name_kind, 'en' AS lang, origin FROM entities WHERE origin = 'catalogue';

INSERT INTO raw.fetches BY NAME
SELECT
    v.fetch_id,
    v.source_id,
    'page' AS kind,
    v.url AS location,
    v.url AS target_uri,
    v.url AS final_uri,
    v.valid_from AS fetched_at,
    v.fetch_date,
    200 AS http_status,
    'text/html' AS content_type,
    sha256(v.fetch_id) AS payload_sha256,
    length(v.article_body) * 8 AS payload_bytes,
    concat(left(sha256(v.fetch_id), 2), '/', sha256(v.fetch_id), '.gz') AS archive_path,
    'allowed' AS robots_verdict,
    'captured' AS outcome,
    'run' AS run_id
FROM article_versions AS v
UNION ALL BY NAME
SELECT
    left(md5('skip ' || p.n), 32) AS fetch_id,
    p.source_id,
    'page' AS kind,
    'https://' || p.source_id || '.example/list/' || p.n AS location,
    'https://' || p.source_id || '.example/list/' || p.n AS target_uri,
    p.day + INTERVAL 9 HOUR AS fetched_at,
    p.day AS fetch_date,
    200 AS http_status,
    sha256('skip ' || p.n) AS payload_sha256,
    'captured' AS outcome,
    'run' AS run_id
FROM pages AS p
WHERE p.n % 8 = 0;

INSERT INTO ops.extractions BY NAME
SELECT
    f.fetch_id,
    f.fetch_date,
    f.fetched_at,
    f.payload_sha256,
    'synthetic' AS extractor_version,
    CASE WHEN v.article_id IS NULL THEN 'skipped' ELSE 'kept' END AS outcome,
    CASE WHEN v.article_id IS NULL THEN 'listing' END AS outcome_reason,
    v.article_id,
    v.content_sha256,
    f.fetched_at AS extracted_at,
    'run' AS run_id,
    1 AS reading_no
FROM raw.fetches AS f
LEFT JOIN article_versions AS v ON f.fetch_id = v.fetch_id;

INSERT INTO ops.recognitions BY NAME
SELECT article_id, version, 'synthetic' AS recognizer_version, count(*) AS mention_count, 'run' AS run_id
FROM mentions
GROUP BY ALL;

INSERT INTO ops.source_days BY NAME
SELECT
    v.source_id,
    v.fetch_date AS day,
    m.measure,
    CASE m.measure WHEN 'volume' THEN count(*) WHEN 'words' THEN median(v.word_count) ELSE count(*) FILTER (WHERE v.date_published IS NULL) / count(*) END AS value,
    count(*) AS base,
    24 AS hours,
    count(*) AS usual,
    0.0 AS low,
    count(*) * 4.0 AS high,
    0.0 AS least,
    28 AS days_learnt
FROM article_versions AS v
CROSS JOIN (VALUES ('volume'), ('words'), ('undated')) AS m (measure)
GROUP BY v.source_id, v.fetch_date, m.measure;

INSERT INTO ops.quality_checks BY NAME
SELECT
    'mentions' AS asset_key,
    'rule_' || range AS check_name,
    'mentions' AS suite,
    'mentions' AS table_name,
    'mention_id' AS key_name,
    'unexpected_rows_expectation' AS expectation,
    CASE WHEN range % 2 = 0 THEN 'critical' ELSE 'warning' END AS severity,
    'downstream' AS stops,
    'fail' AS on_failure,
    TRUE AS is_daily,
    TRUE AS names_rows,
    'team:names' AS owner,
    'What must hold of mentions, rule ' || range || '.' AS description,
    '{}' AS thresholds
FROM range(200);

INSERT INTO ops.quality_results BY NAME
SELECT
    'run' AS run_id,
    d.day AS partition_key,
    c.asset_key,
    c.check_name,
    c.expectation,
    c.severity,
    u(concat(d.day, c.check_name)) > 0.001 AS success,
    1000 AS element_count,
    CASE WHEN u(concat(d.day, c.check_name)) > 0.001 THEN 0 ELSE 3 END AS unexpected_count,
    CAST([] AS VARCHAR[]) AS failing_keys,
    d.day + INTERVAL 23 HOUR AS checked_at,
    c.table_name,
    c.key_name
FROM ops.quality_checks AS c, (SELECT DISTINCT day FROM pages) AS d;

INSERT INTO ops.runs BY NAME
SELECT DISTINCT 'run' AS run_id, day AS partition_key, day + INTERVAL 22 HOUR AS started_at, day + INTERVAL 23 HOUR AS ended_at, 'success' AS status, 'synthetic' AS code_version
FROM pages;

INSERT INTO ops.snapshots BY NAME
SELECT
    'run' AS snapshot_id,
    TIMESTAMPTZ '2026-03-31 23:30:00+00' AS published_at,
    (SELECT count(*) FROM articles) AS article_count,
    (SELECT count(*) FROM mentions) AS mention_count,
    (SELECT count(*) FROM entities) AS entity_count,
    'run' AS run_id;

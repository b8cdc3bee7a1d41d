-- One day of the samples many times over, each copy under ids and addresses of its own, with a line of its own at the
-- end of its headline and of each paragraph: all that holds of the samples holds of them. Articles of one version only.
-- Variables: day, copies.
CREATE OR REPLACE TEMP TABLE copies AS
SELECT range AS n, ' Edition ' || range || '.' AS line
FROM range(1, getvariable('copies') + 1);

CREATE OR REPLACE TEMP TABLE day_versions AS
SELECT * FROM article_versions
WHERE fetch_date = getvariable('day') AND version = 1 AND valid_to IS NULL;

CREATE OR REPLACE TEMP TABLE day_fetches AS
SELECT * FROM raw.fetches
WHERE fetch_id IN (SELECT v.fetch_id FROM day_versions AS v);

CREATE OR REPLACE TEMP TABLE day_extractions AS
SELECT * FROM ops.extractions
WHERE fetch_id IN (SELECT v.fetch_id FROM day_versions AS v);

-- shift: paragraphs before it in the body, each of which becomes longer by one line.
CREATE OR REPLACE TEMP TABLE day_blocks AS
SELECT
    *,
    row_number() OVER (PARTITION BY article_id, is_body ORDER BY start_char) - 1 AS shift
FROM article_blocks
WHERE article_id IN (SELECT v.article_id FROM day_versions AS v);

CREATE OR REPLACE TEMP TABLE texts AS
SELECT
    b.article_id,
    c.n,
    string_agg(b.block_text || c.line, chr(10) || chr(10) ORDER BY b.start_char) AS article_body,
    count(*) AS paragraphs
FROM day_blocks AS b
CROSS JOIN copies AS c
WHERE b.is_body
GROUP BY b.article_id, c.n;

CREATE OR REPLACE TEMP TABLE day_evidence AS
SELECT * FROM article_evidence
WHERE article_id IN (SELECT v.article_id FROM day_versions AS v);

CREATE OR REPLACE TEMP TABLE day_mentions AS
SELECT
    m.*,
    CASE WHEN m.in_headline THEN 0 ELSE coalesce(b.shift, 0) END AS shift
FROM mentions AS m
LEFT JOIN day_blocks AS b
    ON m.article_id = b.article_id AND b.is_body AND m.start_char >= b.start_char AND m.start_char < b.end_char
WHERE m.article_id IN (SELECT v.article_id FROM day_versions AS v);

CREATE OR REPLACE TEMP TABLE day_entities AS
SELECT * FROM article_entities
WHERE article_id IN (SELECT v.article_id FROM day_versions AS v);

CREATE OR REPLACE TEMP TABLE day_recognitions AS
SELECT * FROM ops.recognitions
WHERE article_id IN (SELECT v.article_id FROM day_versions AS v);

INSERT INTO raw.fetches BY NAME
SELECT
    f.* REPLACE (
        left(sha256(f.fetch_id || c.n), 32) AS fetch_id,
        f.location || '.' || c.n AS location,
        f.target_uri || '?edition=' || c.n AS target_uri,
        f.final_uri || '?edition=' || c.n AS final_uri,
        sha256(f.payload_sha256 || c.n) AS payload_sha256,
        replace(f.archive_path, f.payload_sha256, sha256(f.payload_sha256 || c.n)) AS archive_path
    )
FROM day_fetches AS f, copies AS c;

INSERT INTO ops.extractions BY NAME
SELECT
    e.* REPLACE (
        left(sha256(e.fetch_id || c.n), 32) AS fetch_id,
        sha256(e.payload_sha256 || c.n) AS payload_sha256,
        left(sha256(e.article_id || c.n), 32) AS article_id,
        sha256(e.content_sha256 || c.n) AS content_sha256
    )
FROM day_extractions AS e, copies AS c;

INSERT INTO article_versions BY NAME
SELECT
    v.* REPLACE (
        left(sha256(v.article_id || c.n), 32) AS article_id,
        left(sha256(v.fetch_id || c.n), 32) AS fetch_id,
        v.url || '?edition=' || c.n AS url,
        v.canonical_url || '?edition=' || c.n AS canonical_url,
        v.headline || c.line AS headline,
        t.article_body AS article_body,
        v.word_count + 2 * t.paragraphs AS word_count,
        sha256(t.article_body) AS body_sha256,
        sha256(v.content_sha256 || c.n) AS content_sha256
    )
FROM day_versions AS v
CROSS JOIN copies AS c
JOIN texts AS t ON v.article_id = t.article_id AND c.n = t.n;

INSERT INTO article_blocks BY NAME
SELECT
    b.* EXCLUDE (shift) REPLACE (
        left(sha256(b.article_id || c.n), 32) AS article_id,
        b.start_char + b.shift * length(c.line) AS start_char,
        b.end_char + (b.shift + 1) * length(c.line) AS end_char,
        CASE WHEN b.is_body OR b.role = 'headline' THEN b.block_text || c.line ELSE b.block_text END AS block_text
    )
FROM day_blocks AS b, copies AS c;

INSERT INTO article_evidence BY NAME
SELECT
    e.* REPLACE (
        left(sha256(e.article_id || c.n), 32) AS article_id,
        CASE
            WHEN e.field = 'headline' THEN e.value_text || c.line
            WHEN e.field IN ('url', 'canonical_url') THEN e.value_text || '?edition=' || c.n
            ELSE e.value_text
        END AS value_text
    )
FROM day_evidence AS e, copies AS c;

INSERT INTO mentions BY NAME
SELECT
    p.* EXCLUDE (printed) REPLACE (
        substring(p.printed, greatest(p.start_char - 31, 1), least(p.start_char, 32)) AS prefix,
        substring(p.printed, p.end_char + 1, 32) AS suffix
    )
FROM (
    SELECT
        m.* EXCLUDE (shift) REPLACE (
            left(sha256(m.mention_id || c.n), 32) AS mention_id,
            left(sha256(m.article_id || c.n), 32) AS article_id,
            left(sha256(m.referent_id || c.n), 32) AS referent_id,
            m.start_char + m.shift * length(c.line) AS start_char,
            m.end_char + m.shift * length(c.line) AS end_char
        ),
        CASE WHEN m.in_headline THEN v.headline || c.line ELSE t.article_body END AS printed
    FROM day_mentions AS m
    JOIN day_versions AS v ON m.article_id = v.article_id
    CROSS JOIN copies AS c
    JOIN texts AS t ON v.article_id = t.article_id AND c.n = t.n
) AS p;

INSERT INTO article_entities BY NAME
SELECT
    a.* REPLACE (
        left(sha256(a.article_id || c.n), 32) AS article_id,
        left(sha256(a.referent_id || c.n), 32) AS referent_id
    )
FROM day_entities AS a, copies AS c;

INSERT INTO ops.recognitions BY NAME
SELECT r.* REPLACE (left(sha256(r.article_id || c.n), 32) AS article_id)
FROM day_recognitions AS r, copies AS c;

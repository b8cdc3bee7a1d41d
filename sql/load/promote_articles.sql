-- Staged rows of one day that no rule holds -> article_versions, article_blocks, article_evidence,
-- ops.extractions. One transaction.
-- Variables: day, run_id. Temporary table: held (asset_key, row_key, reason).
--
-- Versions are a chain: the captures of an article in the order of their capture, a new version wherever the content
-- differs from the capture before. The chain is computed anew for every touched article, so that the order of arrival
-- does not matter; rows that stay the same are not touched. What a person took out of it is no part of a chain.

CREATE OR REPLACE TEMP TABLE accepted AS
SELECT s.*
FROM staging.articles AS s
WHERE s.fetch_date = getvariable('day') AND s.fetch_id NOT IN (SELECT h.row_key FROM held AS h);

-- Captures that were articles until a person decided: dropped now, or no longer released and so held again.
CREATE OR REPLACE TEMP TABLE retracted AS
SELECT
    e.fetch_id,
    max(d.note) FILTER (WHERE d.decision = 'drop' AND d.withdrawn_at IS NULL) AS note,
    bool_or(d.decision = 'drop' AND d.withdrawn_at IS NULL) AS is_dropped
FROM ops.extractions AS e
JOIN ops.row_decisions AS d ON e.fetch_id = d.row_key
WHERE
    e.fetch_date = getvariable('day') AND e.article_id IS NOT NULL AND e.outcome <> 'quarantined'
    AND (
        (d.decision = 'drop' AND d.withdrawn_at IS NULL)
        OR (
            d.decision = 'release' AND d.withdrawn_at IS NOT NULL
            AND e.fetch_id IN (SELECT h.row_key FROM held AS h)
        )
    )
GROUP BY e.fetch_id;

CREATE OR REPLACE TEMP TABLE rechained AS
SELECT a.article_id
FROM accepted AS a
UNION
SELECT e.article_id
FROM ops.extractions AS e
JOIN retracted AS r ON e.fetch_id = r.fetch_id
WHERE e.article_id IS NOT NULL AND e.outcome <> 'quarantined';

UPDATE ops.extractions AS e
SET
    outcome = CASE WHEN r.is_dropped THEN 'skipped' ELSE 'quarantined' END,
    outcome_reason = CASE WHEN r.is_dropped THEN 'dropped: ' || coalesce(r.note, '') ELSE 'no longer released' END,
    article_id = CASE WHEN NOT r.is_dropped THEN e.article_id END
FROM retracted AS r
WHERE e.fetch_id = r.fetch_id AND e.article_id IS NOT NULL AND e.outcome <> 'quarantined';

-- An extractor version's captures come after those of the versions before it: what we changed is a later version. So it
-- is where a capture was read again by the same version: its source's lines had been learnt since.
CREATE OR REPLACE TEMP TABLE chain AS
WITH generations AS (
    SELECT extractor_version, min(extracted_at) AS since
    FROM ops.extractions
    GROUP BY extractor_version
),

captures AS (
    SELECT
        fetch_id, fetch_date, fetched_at, payload_sha256, article_id, content_sha256, extractor_version,
        coalesce(reading_no, 0) AS reading_no
    FROM ops.extractions
    WHERE outcome <> 'quarantined' AND article_id IN (SELECT r.article_id FROM rechained AS r)
    UNION ALL
    SELECT
        fetch_id, fetch_date, fetched_at, payload_sha256, article_id, content_sha256, extractor_version,
        coalesce(reading_no, 0) AS reading_no
    FROM accepted
),

ordered AS (
    SELECT
        c.*,
        coalesce(g.since, now()) AS generation,
        lag(c.content_sha256) OVER in_order AS content_before,
        lag(c.extractor_version) OVER in_order AS extractor_before,
        lag(c.fetch_id) OVER in_order AS fetch_before,
        lag(c.payload_sha256) OVER in_order AS payload_before
    FROM captures AS c
    LEFT JOIN generations AS g ON c.extractor_version = g.extractor_version
    WINDOW in_order AS (
        PARTITION BY c.article_id
        ORDER BY coalesce(g.since, now()), c.fetched_at, c.fetch_id, c.reading_no
    )
)

SELECT
    o.*,
    (o.content_sha256 IS DISTINCT FROM o.content_before) AS is_head,
    CASE
        WHEN o.content_before IS NULL THEN 'first'
        WHEN o.extractor_version <> o.extractor_before OR o.fetch_id = o.fetch_before THEN 're_extraction'
        ELSE 'publisher_edit'
    END AS change_kind,
    CASE
        WHEN o.fetch_id = o.fetch_before THEN 'same_reading'
        WHEN o.payload_sha256 = o.payload_before THEN 'duplicate_payload'
        ELSE 'unchanged'
    END AS skip_reason
FROM ordered AS o;

CREATE OR REPLACE TEMP TABLE wanted AS
SELECT
    c.article_id,
    row_number() OVER by_article AS version,
    c.fetch_id,
    c.fetch_date,
    c.content_sha256,
    c.change_kind,
    c.fetched_at AS valid_from,
    lead(c.fetched_at) OVER by_article AS valid_to
FROM chain AS c
WHERE c.is_head
WINDOW by_article AS (
    PARTITION BY c.article_id
    ORDER BY c.generation, c.fetched_at, c.fetch_id, c.reading_no
);

-- What each wanted version says: as staged or as stored, its own capture's before another's of the same content.
CREATE OR REPLACE TEMP TABLE content AS
SELECT
    s.article_id, s.source_id, s.publisher_id, s.url, s.canonical_url, s.headline, s.byline, s.authors,
    s.agencies, s.dateline, s.dateline_place, s.date_published, s.date_published_precision,
    s.date_published_source, s.date_modified, s.in_language, s.text_direction,
    s.article_section, s.description, s.article_body, s.word_count, s.body_sha256, s.is_accessible_for_free,
    s.content_sha256, s.fetch_id, s.extractor, s.extractor_version,
    NULL::INTEGER AS stored_version
FROM accepted AS s
UNION ALL
SELECT
    v.article_id, v.source_id, v.publisher_id, v.url, v.canonical_url, v.headline, v.byline, v.authors,
    v.agencies, v.dateline, v.dateline_place, v.date_published, v.date_published_precision,
    v.date_published_source, v.date_modified, v.in_language, v.text_direction,
    v.article_section, v.description, v.article_body, v.word_count, v.body_sha256, v.is_accessible_for_free,
    v.content_sha256, v.fetch_id, v.extractor, v.extractor_version,
    v.version AS stored_version
FROM article_versions AS v
WHERE v.article_id IN (SELECT r.article_id FROM rechained AS r);

CREATE OR REPLACE TEMP TABLE fresh AS
SELECT
    w.*,
    c.* EXCLUDE (article_id, content_sha256, fetch_id),
    c.fetch_id AS content_fetch_id
FROM wanted AS w
JOIN content AS c ON w.article_id = c.article_id AND w.content_sha256 = c.content_sha256
WHERE
    NOT EXISTS (
        SELECT 1 FROM article_versions AS v
        WHERE
            v.article_id = w.article_id AND v.version = w.version
            AND v.fetch_id = w.fetch_id AND v.content_sha256 = w.content_sha256
    )
QUALIFY row_number() OVER (
    PARTITION BY w.article_id, w.version
    ORDER BY c.fetch_id <> w.fetch_id, c.stored_version NULLS FIRST
) = 1;

CREATE OR REPLACE TEMP TABLE fresh_blocks AS
SELECT
    f.article_id, f.version, b.block_no, b.role, b.is_body, b.start_char, b.end_char, b.block_text, b.rule_id,
    b.confidence
FROM fresh AS f
JOIN staging.article_blocks AS b ON f.content_fetch_id = b.fetch_id
WHERE f.stored_version IS NULL
UNION ALL
SELECT
    f.article_id, f.version, b.block_no, b.role, b.is_body, b.start_char, b.end_char, b.block_text, b.rule_id,
    b.confidence
FROM fresh AS f
JOIN article_blocks AS b ON f.article_id = b.article_id AND f.stored_version = b.version;

CREATE OR REPLACE TEMP TABLE fresh_evidence AS
SELECT
    f.article_id, f.version, e.evidence_no, e.field, e.value_text, e.source, e.detail, e.rule_id, e.is_chosen,
    e.confidence
FROM fresh AS f
JOIN staging.article_evidence AS e ON f.content_fetch_id = e.fetch_id
WHERE f.stored_version IS NULL
UNION ALL
SELECT
    f.article_id, f.version, e.evidence_no, e.field, e.value_text, e.source, e.detail, e.rule_id, e.is_chosen,
    e.confidence
FROM fresh AS f
JOIN article_evidence AS e ON f.article_id = e.article_id AND f.stored_version = e.version;

-- A version whose content is stored already (its number moved, or an edit was taken back) keeps what was read in it.
-- The id is that of pipelines.ids.stable_id over the same parts.
CREATE OR REPLACE TEMP TABLE fresh_mentions AS
SELECT
    m.* REPLACE (
        f.version AS version,
        left(
            sha256(
                concat_ws(chr(30), m.article_id, f.version, m.in_headline::INTEGER, m.start_char, m.end_char)
            ),
            32
        ) AS mention_id
    )
FROM fresh AS f
JOIN mentions AS m ON f.article_id = m.article_id AND f.stored_version = m.version;

CREATE OR REPLACE TEMP TABLE fresh_things AS
SELECT a.* REPLACE (f.version AS version)
FROM fresh AS f
JOIN article_entities AS a ON f.article_id = a.article_id AND f.stored_version = a.version;

CREATE OR REPLACE TEMP TABLE fresh_recognitions AS
SELECT r.* REPLACE (f.version AS version)
FROM fresh AS f
JOIN ops.recognitions AS r ON f.article_id = r.article_id AND f.stored_version = r.version;

-- Only a capture that arrives late replaces versions, and only what was retracted leaves fewer of them.
CREATE OR REPLACE TEMP TABLE replaced AS
SELECT f.article_id, f.version
FROM fresh AS f
UNION
SELECT v.article_id, v.version
FROM article_versions AS v
WHERE
    v.article_id IN (SELECT r.article_id FROM rechained AS r)
    AND NOT EXISTS (SELECT 1 FROM wanted AS w WHERE w.article_id = v.article_id AND w.version = v.version);

-- Versions of other days are among them: those days owe an audit.
INSERT INTO ops.unaudited BY NAME
SELECT DISTINCT
    a.asset_key,
    d.fetch_date AS partition_key,
    now() AS changed_at,
    getvariable('run_id') AS run_id
FROM (
    SELECT v.fetch_date
    FROM article_versions AS v
    JOIN replaced AS r ON v.article_id = r.article_id AND v.version = r.version
    UNION
    SELECT f.fetch_date
    FROM fresh AS f
) AS d
CROSS JOIN (VALUES ('articles'), ('mentions')) AS a (asset_key)
WHERE d.fetch_date <> getvariable('day');

DELETE FROM mentions AS m
USING replaced AS f
WHERE m.article_id = f.article_id AND m.version = f.version;

-- What was named in them awaits another comparison.
INSERT INTO ops.unassigned BY NAME
SELECT DISTINCT a.referent_id, a.entity_type, a.name_key, a.reason, a.entity_id
FROM article_entities AS a
WHERE a.article_id IN (SELECT f.article_id FROM replaced AS f);

DELETE FROM article_entities AS a
USING replaced AS f
WHERE a.article_id = f.article_id AND a.version = f.version;

DELETE FROM ops.recognitions AS r
USING replaced AS f
WHERE r.article_id = f.article_id AND r.version = f.version;

DELETE FROM article_blocks AS b
USING replaced AS f
WHERE b.article_id = f.article_id AND b.version = f.version;

DELETE FROM article_evidence AS e
USING replaced AS f
WHERE e.article_id = f.article_id AND e.version = f.version;

DELETE FROM article_versions AS v
USING replaced AS f
WHERE v.article_id = f.article_id AND v.version = f.version;

INSERT INTO article_versions BY NAME
SELECT f.* EXCLUDE (stored_version, content_fetch_id), getvariable('run_id') AS run_id
FROM fresh AS f;

INSERT INTO article_blocks BY NAME
SELECT * FROM fresh_blocks;

INSERT INTO article_evidence BY NAME
SELECT * FROM fresh_evidence;

INSERT INTO mentions BY NAME
SELECT * FROM fresh_mentions;

INSERT INTO article_entities BY NAME
SELECT * FROM fresh_things;

INSERT INTO ops.recognitions BY NAME
SELECT * FROM fresh_recognitions;

UPDATE article_versions AS v
SET valid_from = w.valid_from, valid_to = w.valid_to, change_kind = w.change_kind
FROM wanted AS w
WHERE
    v.article_id = w.article_id AND v.version = w.version
    AND (
        v.valid_from IS DISTINCT FROM w.valid_from
        OR v.valid_to IS DISTINCT FROM w.valid_to
        OR v.change_kind IS DISTINCT FROM w.change_kind
    );

-- The fate of each capture: head of a version, or a capture that says nothing new.
UPDATE ops.extractions AS e
SET
    outcome = CASE WHEN c.is_head THEN 'kept' ELSE 'skipped' END,
    outcome_reason = CASE WHEN NOT c.is_head THEN c.skip_reason END
FROM chain AS c
WHERE
    e.fetch_id = c.fetch_id AND e.extractor_version = c.extractor_version
    AND coalesce(e.reading_no, 0) = c.reading_no
    AND (e.outcome = 'kept') <> c.is_head;

INSERT INTO ops.extractions BY NAME
SELECT
    c.fetch_id,
    c.fetch_date,
    c.fetched_at,
    c.payload_sha256,
    c.extractor_version,
    CASE WHEN c.is_head THEN 'kept' ELSE 'skipped' END AS outcome,
    CASE WHEN NOT c.is_head THEN c.skip_reason END AS outcome_reason,
    c.article_id,
    c.content_sha256,
    now() AS extracted_at,
    getvariable('run_id') AS run_id,
    c.reading_no
FROM chain AS c
JOIN accepted AS a
    ON
        c.fetch_id = a.fetch_id AND c.extractor_version = a.extractor_version
        AND c.reading_no = coalesce(a.reading_no, 0);

-- Read again with the same outcome: the ledger's rules are those of the later reading.
CREATE OR REPLACE TEMP TABLE reread AS
SELECT v.article_id, v.version, a.fetch_id
FROM accepted AS a
JOIN article_versions AS v ON a.article_id = v.article_id AND a.content_sha256 = v.content_sha256
WHERE a.reading_no > 0 AND v.valid_to IS NULL;

DELETE FROM article_blocks AS b
USING reread AS r
WHERE b.article_id = r.article_id AND b.version = r.version;

INSERT INTO article_blocks BY NAME
SELECT
    r.article_id, r.version, b.block_no, b.role, b.is_body, b.start_char, b.end_char, b.block_text, b.rule_id,
    b.confidence
FROM reread AS r
JOIN staging.article_blocks AS b ON r.fetch_id = b.fetch_id;

-- Held captures have a fate as well. A capture that could not be read has no staged row.
INSERT INTO ops.extractions BY NAME
SELECT
    f.fetch_id,
    f.fetch_date,
    f.fetched_at,
    f.payload_sha256,
    coalesce(s.extractor_version, 'none') AS extractor_version,
    'quarantined' AS outcome,
    string_agg(h.reason, ', ' ORDER BY h.reason) AS outcome_reason,
    s.article_id,
    s.content_sha256,
    now() AS extracted_at,
    getvariable('run_id') AS run_id,
    coalesce(s.reading_no, 0) AS reading_no
FROM held AS h
JOIN raw.fetches AS f ON h.row_key = f.fetch_id
LEFT JOIN staging.articles AS s ON h.row_key = s.fetch_id
WHERE
    NOT EXISTS (
        SELECT 1 FROM ops.extractions AS e
        WHERE
            e.fetch_id = f.fetch_id AND e.extractor_version = coalesce(s.extractor_version, 'none')
            AND coalesce(e.reading_no, 0) = coalesce(s.reading_no, 0)
    )
GROUP BY ALL;

-- What this reading lets pass leaves quarantine, with its history kept: a person released it, it passes, or it is held
-- for other reasons now.
UPDATE ops.quarantine AS q
SET
    resolved_at = now(),
    resolved_run_id = getvariable('run_id'),
    resolution = CASE
        WHEN EXISTS (
            SELECT 1 FROM ops.row_decisions AS d
            WHERE
                d.asset_key = q.asset_key AND d.row_key = q.row_key AND d.reason = q.reason
                AND d.decision = 'release' AND d.withdrawn_at IS NULL
        ) THEN 'released'
        WHEN EXISTS (SELECT 1 FROM accepted AS a WHERE a.fetch_id = q.fetch_id) THEN 'passed'
        ELSE 'superseded'
    END
FROM staging.articles AS s
WHERE
    s.fetch_date = getvariable('day') AND q.fetch_id = s.fetch_id AND q.effect = 'held' AND q.resolved_at IS NULL
    AND NOT EXISTS (
        SELECT 1 FROM held AS h
        WHERE h.asset_key = q.asset_key AND h.row_key = q.row_key AND h.reason = q.reason
    );

-- So does what was taken for no article since.
UPDATE ops.quarantine AS q
SET
    resolved_at = now(),
    resolved_run_id = getvariable('run_id'),
    resolution = CASE WHEN starts_with(e.outcome_reason, 'dropped: ') THEN 'dropped' ELSE 'skipped' END
FROM ops.extractions AS e
WHERE
    e.fetch_date = getvariable('day') AND q.fetch_id = e.fetch_id AND q.resolved_at IS NULL
    AND (q.effect = 'held' OR starts_with(q.table_name, 'staging.'))
    AND e.outcome = 'skipped' AND e.article_id IS NULL AND e.extracted_at > q.created_at;

-- And inputs that could not be read, where the rule lets them pass now.
UPDATE ops.quarantine AS q
SET resolved_at = now(), resolution = 'passed', resolved_run_id = getvariable('run_id')
WHERE
    q.fetch_date = getvariable('day') AND q.effect = 'held' AND q.table_name = 'raw.fetches' AND q.resolved_at IS NULL
    AND NOT EXISTS (
        SELECT 1 FROM held AS h
        WHERE h.asset_key = q.asset_key AND h.row_key = q.row_key AND h.reason = q.reason
    );

-- What is only flagged of a capture's reading is over where a later capture is the article now.
UPDATE ops.quarantine AS q
SET resolved_at = now(), resolution = 'superseded', resolved_run_id = getvariable('run_id')
WHERE
    q.effect = 'flagged' AND starts_with(q.table_name, 'staging.') AND q.resolved_at IS NULL
    AND q.article_id IN (SELECT r.article_id FROM rechained AS r)
    AND q.fetch_id NOT IN (
        SELECT c.fetch_id
        FROM chain AS c
        QUALIFY row_number() OVER (
            PARTITION BY c.article_id
            ORDER BY c.generation DESC, c.fetched_at DESC, c.fetch_id DESC, c.reading_no DESC
        ) = 1
    );

DELETE FROM staging.article_blocks
WHERE fetch_id IN (SELECT s.fetch_id FROM staging.articles AS s WHERE s.fetch_date = getvariable('day'));

DELETE FROM staging.article_evidence
WHERE fetch_id IN (SELECT s.fetch_id FROM staging.articles AS s WHERE s.fetch_date = getvariable('day'));

DELETE FROM staging.articles
WHERE fetch_date = getvariable('day');

-- Lines that three different articles of a source print on the same side -> ops.learnt_lines; what was read before they
-- were learnt -> ops.rereadings. One transaction. Only lines with a sighting not weighed yet can have become three.
-- Variables: run_id, extractor_version.
CREATE OR REPLACE TEMP TABLE newly_learnt AS
SELECT
    s.source_id,
    s.side,
    s.line_key,
    min(s.line_text) AS line_text,
    least(count(DISTINCT s.document_key), count(DISTINCT s.article_id)) AS documents
FROM ops.line_sightings AS s
WHERE
    s.counts AND s.extractor_version = getvariable('extractor_version')
    AND (s.source_id, s.side, s.line_key) IN (
        SELECT (n.source_id, n.side, n.line_key)
        FROM ops.line_sightings AS n
        WHERE NOT n.is_weighed
    )
GROUP BY s.source_id, s.side, s.line_key
HAVING count(DISTINCT s.document_key) >= 3 AND count(DISTINCT s.article_id) >= 3;

INSERT INTO ops.learnt_lines BY NAME
SELECT
    n.*,
    getvariable('extractor_version') AS extractor_version,
    now() AS learnt_at,
    getvariable('run_id') AS run_id
FROM newly_learnt AS n;

-- Of captures that are articles already only the latest of each: an older one would only rewrite history.
INSERT INTO ops.rereadings BY NAME
WITH affected AS (
    SELECT DISTINCT s.fetch_id, s.fetch_date
    FROM ops.line_sightings AS s
    JOIN newly_learnt AS n ON s.source_id = n.source_id AND s.side = n.side AND s.line_key = n.line_key
    WHERE s.extractor_version = getvariable('extractor_version')
),

touched AS (
    SELECT e.article_id
    FROM ops.extractions AS e
    WHERE e.article_id IS NOT NULL AND e.fetch_id IN (SELECT a.fetch_id FROM affected AS a)
),

latest AS (
    SELECT e.fetch_id
    FROM ops.extractions AS e
    WHERE e.outcome <> 'quarantined' AND e.article_id IN (SELECT t.article_id FROM touched AS t)
    QUALIFY row_number() OVER (PARTITION BY e.article_id ORDER BY e.fetched_at DESC, e.fetch_id DESC) = 1
)

SELECT
    a.fetch_id,
    a.fetch_date,
    getvariable('extractor_version') AS extractor_version,
    now() AS due_at,
    getvariable('run_id') AS run_id
FROM affected AS a
WHERE
    (
        a.fetch_id IN (SELECT l.fetch_id FROM latest AS l)
        OR a.fetch_id IN (SELECT s.fetch_id FROM staging.articles AS s)
        OR a.fetch_id IN (SELECT q.fetch_id FROM ops.quarantine AS q WHERE q.resolved_at IS NULL AND q.effect = 'held')
    )
    AND a.fetch_id NOT IN (
        SELECT r.fetch_id FROM ops.rereadings AS r WHERE r.extractor_version = getvariable('extractor_version')
    );

DELETE FROM ops.line_sightings AS s
USING newly_learnt AS n
WHERE s.source_id = n.source_id AND s.side = n.side AND s.line_key = n.line_key;

UPDATE ops.line_sightings
SET is_weighed = TRUE
WHERE NOT is_weighed;

-- Captures of a day that this extractor version has not derived: new ones, and, where the version is new, those held
-- or skipped before and the latest capture of each article (older ones would only rewrite history). Beside each what a
-- feed or sitemap said of the page when it was fetched: the capture names the statement, and statements never change.
-- And captures to be read again: lines of their source were learnt since (see learn_lines.sql), or a person or a rule
-- asks for it (see ops.due_readings). Never those that a person dropped.
-- Parameters: $day, $extractor_version.
WITH latest AS (
    SELECT fetch_id
    FROM ops.extractions
    WHERE article_id IS NOT NULL AND outcome <> 'quarantined'
    QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY fetched_at DESC, fetch_id DESC) = 1
)

SELECT
    f.fetch_id,
    f.source_id,
    f.kind,
    f.location,
    coalesce(f.final_uri, f.target_uri) AS url,
    f.fetched_at,
    f.fetch_date,
    f.http_status,
    f.content_type,
    f.charset,
    f.payload_sha256,
    f.archive_path,
    n.entry_id,
    n.title AS stated_title,
    n.summary AS stated_summary,
    n.authors AS stated_authors,
    n.date_published AS stated_published,
    n.date_published_text AS stated_published_text,
    n.date_modified AS stated_modified,
    r.fetch_id IS NOT NULL AS is_rereading,
    coalesce(
        (
            SELECT max(coalesce(e.reading_no, 0)) + 1 FROM ops.extractions AS e
            WHERE e.fetch_id = f.fetch_id AND e.extractor_version = $extractor_version
        ),
        0
    ) AS reading_no
FROM raw.fetches AS f
LEFT JOIN raw.feed_entries AS n ON f.entry_id = n.entry_id
LEFT JOIN ops.rereadings AS r ON f.fetch_id = r.fetch_id AND r.extractor_version = $extractor_version
WHERE
    f.fetch_date = $day
    AND f.outcome = 'captured'
    AND f.kind NOT IN ('feed', 'sitemap')
    AND NOT EXISTS (
        SELECT 1 FROM ops.row_decisions AS d
        WHERE d.row_key = f.fetch_id AND d.decision = 'drop' AND d.withdrawn_at IS NULL
    )
    AND (
        r.fetch_id IS NOT NULL
        OR (
            NOT EXISTS (
                SELECT 1 FROM staging.articles AS s
                WHERE s.fetch_id = f.fetch_id AND s.extractor_version = $extractor_version
            )
            AND (
                f.fetch_id IN (SELECT u.fetch_id FROM ops.due_readings AS u)
                OR (
                    NOT EXISTS (
                        SELECT 1 FROM ops.extractions AS e
                        WHERE e.fetch_id = f.fetch_id AND e.extractor_version = $extractor_version
                    )
                    AND (
                        NOT EXISTS (
                            SELECT 1 FROM ops.extractions AS e
                            WHERE e.fetch_id = f.fetch_id AND e.article_id IS NOT NULL AND e.outcome <> 'quarantined'
                        )
                        OR f.fetch_id IN (SELECT l.fetch_id FROM latest AS l)
                    )
                )
            )
        )
    )
ORDER BY f.fetched_at, f.fetch_id;

-- What is stored of some captures: what became of each by its latest extraction, and, where an article has its
-- content, that article's current version. Parameters: $fetch_ids.
WITH latest AS (
    SELECT *
    FROM ops.extractions
    WHERE fetch_id IN (SELECT unnest($fetch_ids))
    QUALIFY
        row_number() OVER (
            PARTITION BY fetch_id
            -- A later reading that gave the same is not what became of it.
            ORDER BY outcome_reason IS NOT DISTINCT FROM 'same_reading', extracted_at DESC, extractor_version DESC
        ) = 1
)

SELECT
    l.fetch_id AS capture_id,
    -- A capture that says nothing new has its article's content: it is kept in all but name.
    CASE WHEN a.article_id IS NULL THEN l.outcome ELSE 'kept' END AS fate,
    CASE WHEN a.article_id IS NULL THEN l.outcome_reason END AS fate_reason,
    a.*
FROM latest AS l
LEFT JOIN articles AS a ON l.article_id = a.article_id AND l.outcome <> 'quarantined';

-- What became of each capture, in the words of mart.capture_fates: for a connection's own time, since a snapshot may be
-- older than the code and cannot be changed.
CREATE OR REPLACE TEMP VIEW latest_readings AS
SELECT *
FROM ops.extractions
QUALIFY
    row_number() OVER (
        PARTITION BY fetch_id
        -- A later reading that gave the same is not what became of it.
        ORDER BY outcome_reason IS NOT DISTINCT FROM 'same_reading', extracted_at DESC, extractor_version DESC
    ) = 1;

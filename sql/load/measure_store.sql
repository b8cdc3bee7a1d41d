-- banded -> ops.source_days, where it says something new. Variables: day, measures.
CREATE OR REPLACE TEMP TABLE news AS
SELECT
    source_id, day, measure, in_language, value, base, by_hour, hours, usual, low, high, least, missing_hours,
    days_learnt, reason
FROM (
    SELECT * FROM banded
    UNION ALL BY NAME
    SELECT * FROM ops.source_days WHERE FALSE
) AS complete;

-- Rows that stay the same are not touched: what reads them need not be audited again.
DELETE FROM ops.source_days AS t
WHERE
    t.day = getvariable('day') AND list_contains(getvariable('measures'), t.measure)
    AND (t.source_id, t.measure, coalesce(t.in_language, '')) IN (
        SELECT (c.source_id, c.measure, coalesce(c.in_language, ''))
        FROM (
            SELECT * FROM ops.source_days WHERE day = getvariable('day')
            EXCEPT
            SELECT * FROM news
        ) AS c
    );

INSERT INTO ops.source_days BY NAME
SELECT * FROM news
EXCEPT
SELECT * FROM ops.source_days WHERE day = getvariable('day');

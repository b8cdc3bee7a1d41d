-- measured -> ops.source_days: days that are over and were never judged. Variables: days, measures.
DELETE FROM ops.source_days AS t
WHERE list_contains(getvariable('days'), t.day) AND list_contains(getvariable('measures'), t.measure);

INSERT INTO ops.source_days BY NAME
SELECT
    *,
    CASE WHEN measure = 'volume' THEN 24 END AS hours,
    'Measured later, as history: there was no band on its day.' AS reason
FROM measured;

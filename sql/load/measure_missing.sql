-- Days of the history that have articles and were not measured; oldest first. Variables: day, learn_days.
SELECT DISTINCT e.fetch_date
FROM ops.extractions AS e
WHERE
    e.fetch_date BETWEEN getvariable('day') - getvariable('learn_days')::INTEGER AND getvariable('day') - 1
    AND e.outcome = 'kept'
    AND e.fetch_date NOT IN (SELECT d.day FROM ops.source_days AS d WHERE d.measure = 'volume')
ORDER BY e.fetch_date;

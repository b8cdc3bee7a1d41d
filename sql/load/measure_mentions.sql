-- The names in each source's articles of some days -> measured. Variables: days, first_day, last_day.
CREATE OR REPLACE TEMP TABLE named AS
SELECT f.source_id, v.fetch_date AS day, v.article_id, m.entity_id
FROM article_versions AS v
JOIN raw.fetches AS f ON v.fetch_id = f.fetch_id AND v.fetch_date = f.fetch_date
JOIN mentions AS m ON v.article_id = m.article_id AND v.version = m.version
WHERE
    v.fetch_date BETWEEN getvariable('first_day') AND getvariable('last_day')
    AND f.fetch_date BETWEEN getvariable('first_day') AND getvariable('last_day')
    AND list_contains(getvariable('days'), v.fetch_date);

CREATE OR REPLACE TEMP TABLE measured AS
WITH things AS (SELECT DISTINCT source_id, day, entity_id FROM named WHERE entity_id IS NOT NULL)

SELECT
    source_id,
    day,
    'unlinked' AS measure,
    NULL::VARCHAR AS in_language,
    count(*) FILTER (WHERE entity_id IS NULL) / count(*) AS value,
    -- Mentions of one article are linked or not together, so that they are no independent evidence.
    count(DISTINCT article_id) AS base,
    NULL::INTEGER[] AS by_hour
FROM named
GROUP BY source_id, day
UNION ALL
SELECT
    t.source_id,
    t.day,
    'new_entities' AS measure,
    NULL AS in_language,
    count(*) FILTER (WHERE e.first_seen::DATE >= t.day) / count(*) AS value,
    count(*) AS base,
    NULL AS by_hour
FROM things AS t
JOIN entities AS e ON t.entity_id = e.entity_id
GROUP BY t.source_id, t.day;

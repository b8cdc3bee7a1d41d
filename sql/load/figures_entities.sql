-- Entities that the article versions of a day name. Parameter: day.
WITH named AS (
    SELECT DISTINCT m.entity_id
    FROM mentions AS m
    JOIN article_versions AS v ON m.article_id = v.article_id AND m.version = v.version
    WHERE v.fetch_date = $day
)

SELECT
    count(*) AS rows,
    count(*) FILTER (WHERE e.first_seen::DATE = $day) AS first_seen_on_day,
    count(*) FILTER (WHERE e.first_seen::DATE = $day) / nullif(count(*), 0) AS share_first_seen_on_day,
    count(*) FILTER (WHERE e.wikidata_id IS NULL) / nullif(count(*), 0) AS null_share_wikidata_id,
    count(*) FILTER (WHERE e.country IS NULL) / nullif(count(*), 0) AS null_share_country,
    concat(
        count(*), '-',
        bit_xor(md5_number_lower(concat_ws('|', e.entity_id, e.entity_type, e.name, e.country, e.wikidata_id)))
    ) AS state
FROM entities AS e
WHERE e.entity_id IN (SELECT n.entity_id FROM named AS n);

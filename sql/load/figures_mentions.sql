-- Mentions in the article versions of a day. Parameter: day.
SELECT
    count(*) AS rows,
    count(m.entity_id) AS linked,
    count(*) FILTER (WHERE m.entity_id IS NULL) / nullif(count(*), 0) AS null_share_entity_id,
    count(*) FILTER (WHERE m.confidence IS NULL) / nullif(count(*), 0) AS null_share_confidence,
    count(*) / nullif(count(DISTINCT m.article_id), 0) AS mentions_an_article,
    concat(
        count(*), '-', bit_xor(md5_number_lower(concat_ws('|', m.mention_id, m.entity_id, m.confidence)))
    ) AS state
FROM mentions AS m
JOIN article_versions AS v ON m.article_id = v.article_id AND m.version = v.version
WHERE v.fetch_date = $day;

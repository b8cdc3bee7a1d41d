-- What each source's terms and each capture's statements mean for handing on, and so each article.
-- Needs the temporary table said_patterns (field, pattern, effect, effect_rank, pattern_no, licence, url).
CREATE TEMP TABLE source_terms AS
SELECT
    s.source_id,
    s.name,
    s.usage_terms,
    coalesce(arg_min(p.effect, (p.effect_rank, p.pattern_no)), 'unknown') AS effect,
    arg_min(p.licence, (p.effect_rank, p.pattern_no)) AS licence,
    arg_min(p.url, (p.effect_rank, p.pattern_no)) AS licence_url
FROM sources AS s
LEFT JOIN said_patterns AS p
    ON p.field = 'usage_terms' AND regexp_matches(s.usage_terms, p.pattern, 'i')
GROUP BY s.source_id, s.name, s.usage_terms;

-- Captures of an article: of its versions, those read with the same result, those of its address, and
-- those of the address that it calls its own: what is reserved there is reserved in a copy.
CREATE TEMP TABLE article_captures AS
SELECT article_id, fetch_id FROM article_versions
UNION
SELECT article_id, fetch_id FROM ops.extractions WHERE article_id IS NOT NULL
UNION
SELECT v.article_id, f.fetch_id
FROM article_versions AS v
JOIN raw.fetches AS f ON coalesce(f.final_uri, f.target_uri) = v.url
UNION
SELECT v.article_id, f.fetch_id
FROM article_versions AS v
JOIN raw.fetches AS f ON coalesce(f.final_uri, f.target_uri) = v.canonical_url;

CREATE TEMP TABLE article_statements AS
WITH stated AS (
    SELECT fetch_id, 'tdm_reservation' AS field, tdm_reservation AS stated FROM raw.fetches
    UNION ALL
    SELECT fetch_id, 'usage_preference' AS field, usage_preference AS stated FROM raw.fetches
    UNION ALL
    SELECT fetch_id, 'robots_meta' AS field, robots_meta AS stated FROM raw.fetches
),

meaning AS (
    SELECT s.field, s.stated, p.effect, min(p.effect_rank) AS effect_rank
    FROM (SELECT DISTINCT field, stated FROM stated WHERE stated IS NOT NULL) AS s
    JOIN said_patterns AS p ON s.field = p.field AND regexp_matches(s.stated, p.pattern, 'i')
    GROUP BY s.field, s.stated, p.effect
),

parties AS (
    SELECT article_id, source_id FROM article_versions
    UNION
    SELECT article_id, publisher_id AS source_id FROM article_versions WHERE publisher_id IS NOT NULL
    UNION
    SELECT c.article_id, f.source_id
    FROM article_captures AS c
    JOIN raw.fetches AS f ON c.fetch_id = f.fetch_id
)

SELECT DISTINCT c.article_id, m.field AS reason, m.stated, m.effect, m.effect_rank, NULL AS said_by
FROM article_captures AS c
JOIN stated AS s ON c.fetch_id = s.fetch_id
JOIN meaning AS m ON s.field = m.field AND s.stated = m.stated
UNION ALL
SELECT
    p.article_id,
    'usage_terms' AS reason,
    t.usage_terms AS stated,
    t.effect,
    CASE t.effect WHEN 'row' THEN 1 WHEN 'text' THEN 2 ELSE 3 END AS effect_rank,
    t.source_id AS said_by
FROM parties AS p
JOIN source_terms AS t ON p.source_id = t.source_id
WHERE t.effect <> 'unknown';

-- One row an article. effect: row (nothing of it is handed on), text, unknown (no terms known) or open.
CREATE TEMP TABLE article_rights AS
WITH first_versions AS (
    SELECT article_id, min(fetch_date) AS day FROM article_versions WHERE version = 1 GROUP BY article_id
),

strongest AS (
    SELECT
        article_id,
        arg_min(effect, (effect_rank, reason, stated, said_by)) AS effect,
        arg_min(reason, (effect_rank, reason, stated, said_by)) AS reason,
        arg_min(stated, (effect_rank, reason, stated, said_by)) AS stated,
        arg_min(said_by, (effect_rank, reason, stated, said_by)) AS said_by
    FROM article_statements
    GROUP BY article_id
)

SELECT
    v.article_id,
    v.day,
    coalesce(s.effect, 'unknown') AS effect,
    CASE WHEN s.effect IS NULL THEN 'terms_unknown' ELSE s.reason END AS reason,
    s.stated,
    s.said_by
FROM first_versions AS v
LEFT JOIN strongest AS s ON v.article_id = s.article_id;

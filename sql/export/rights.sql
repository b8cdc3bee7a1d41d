-- What each source's terms and each capture's statements mean for handing on, and so each article, each capture
-- that became none, and each entity that nothing else names.
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
-- those of the address that it calls its own: what is reserved there is reserved in a copy. A capture that
-- became no article (a quarantined one) stands for itself: rows about it bear its fetch_id alone.
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

INSERT INTO article_captures
SELECT fetch_id AS article_id, fetch_id FROM raw.fetches
WHERE fetch_id NOT IN (SELECT c.fetch_id FROM article_captures AS c WHERE c.fetch_id IS NOT NULL);

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

-- One row an article, or a capture that became none. effect: row (nothing of it is handed on), text, unknown (no
-- terms known) or open. day: of the article's first capture.
CREATE TEMP TABLE article_rights AS
WITH days AS (
    SELECT article_id, arg_min(fetch_date, version) AS day FROM article_versions GROUP BY article_id
    UNION ALL
    SELECT c.article_id, min(f.fetch_date) AS day
    FROM article_captures AS c
    JOIN raw.fetches AS f ON c.fetch_id = f.fetch_id
    WHERE c.article_id NOT IN (SELECT v.article_id FROM article_versions AS v)
    GROUP BY c.article_id
),

-- All of one statement: arg_min of each column would pass over its NULLs to another's values.
strongest AS (
    SELECT article_id, effect, reason, stated, said_by
    FROM article_statements
    QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY effect_rank, reason, stated, said_by) = 1
)

SELECT
    d.article_id,
    d.day,
    coalesce(s.effect, 'unknown') AS effect,
    CASE WHEN s.effect IS NULL THEN 'terms_unknown' ELSE s.reason END AS reason,
    s.stated,
    s.said_by
FROM days AS d
LEFT JOIN strongest AS s ON d.article_id = s.article_id;

-- Entities of no catalogue that withheld articles alone name: their names are known from those texts.
CREATE TEMP TABLE withheld_entities AS
WITH withheld AS (
    SELECT article_id FROM article_rights WHERE effect = 'row'
),

named AS (
    SELECT DISTINCT entity_id FROM article_entities WHERE article_id IN (SELECT w.article_id FROM withheld AS w)
)

SELECT entity_id
FROM entities
WHERE
    origin = 'local'
    AND entity_id IN (SELECT n.entity_id FROM named AS n)
    AND entity_id NOT IN (
        SELECT o.entity_id
        FROM article_entities AS o
        WHERE o.entity_id IS NOT NULL AND o.article_id NOT IN (SELECT w.article_id FROM withheld AS w)
    );

-- Forms of a name that withheld articles alone print.
CREATE TEMP TABLE withheld_names AS
WITH withheld AS (
    SELECT article_id FROM article_rights WHERE effect = 'row'
),

printed AS (
    SELECT DISTINCT entity_id, exact FROM mentions WHERE article_id IN (SELECT w.article_id FROM withheld AS w)
)

SELECT n.entity_id, n.name
FROM entity_names AS n
JOIN printed AS p ON n.entity_id = p.entity_id AND n.name = p.exact
WHERE
    n.origin = 'mention'
    AND NOT EXISTS (
        SELECT 1
        FROM mentions AS m
        WHERE
            m.entity_id = n.entity_id AND m.exact = n.name
            AND m.article_id NOT IN (SELECT w.article_id FROM withheld AS w)
    );

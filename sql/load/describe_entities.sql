-- Derives entities, entity_names, entity_offices and entity_redirects anew for the touched entities, from all their
-- mentions, so that the order of arrival does not matter. Within a transaction.
-- Temporary tables: touched (entity_id), changed; known (entity_id, entity_type, name, country, wikidata_id, origin),
-- known_names (entity_id, name, name_kind, lang), known_offices (as entity_offices), merged. Variable: run_id.
CREATE OR REPLACE TEMP TABLE spellings AS
SELECT
    m.entity_id,
    m.exact,
    min(m.mention_type) AS mention_type,
    count(*) AS mention_count,
    min(v.valid_from) AS first_seen,
    max(v.valid_from) AS last_seen
FROM mentions AS m
JOIN article_versions AS v ON m.article_id = v.article_id AND m.version = v.version
WHERE m.entity_id IN (SELECT t.entity_id FROM touched AS t)
GROUP BY m.entity_id, m.exact;

-- What most articles take it for.
CREATE OR REPLACE TEMP TABLE taken_for AS
SELECT a.entity_id, a.entity_type
FROM article_entities AS a
WHERE a.entity_id IN (SELECT t.entity_id FROM touched AS t)
GROUP BY a.entity_id, a.entity_type
QUALIFY row_number() OVER (PARTITION BY a.entity_id ORDER BY sum(a.mention_count) DESC, a.entity_type) = 1;

-- A local entity shows its longest name, of equally long ones the most frequent.
CREATE OR REPLACE TEMP TABLE shown AS
SELECT s.entity_id, s.mention_type, s.exact AS name
FROM spellings AS s
QUALIFY row_number() OVER (
    PARTITION BY s.entity_id
    ORDER BY len(string_split(s.exact, ' ')) DESC, s.mention_count DESC, s.exact
) = 1;

DELETE FROM entities
WHERE entity_id IN (SELECT t.entity_id FROM touched AS t);

INSERT INTO entities BY NAME
SELECT
    s.entity_id,
    coalesce(k.entity_type, t.entity_type, n.mention_type) AS entity_type,
    coalesce(k.name, n.name) AS name,
    k.country,
    k.wikidata_id,
    coalesce(k.origin, 'local') AS origin,
    min(s.first_seen) AS first_seen,
    max(s.last_seen) AS last_seen
FROM spellings AS s
JOIN shown AS n ON s.entity_id = n.entity_id
LEFT JOIN known AS k ON s.entity_id = k.entity_id
LEFT JOIN taken_for AS t ON s.entity_id = t.entity_id
GROUP BY ALL;

-- A mention is of the type of what it names, also where its own article alone would have it another.
UPDATE mentions AS m
SET mention_type = e.entity_type
FROM entities AS e
WHERE
    m.entity_id = e.entity_id AND m.mention_type <> e.entity_type
    AND e.entity_id IN (SELECT t.entity_id FROM touched AS t);

DELETE FROM entity_names
WHERE entity_id IN (SELECT t.entity_id FROM touched AS t);

INSERT INTO entity_names BY NAME
SELECT k.entity_id, k.name, k.name_kind, k.lang, 'catalogue' AS origin
FROM known_names AS k
WHERE k.entity_id IN (SELECT s.entity_id FROM spellings AS s);

-- A printed form with fewer words than the name (a surname, an acronym) means the entity only with support.
INSERT INTO entity_names BY NAME
SELECT DISTINCT
    s.entity_id,
    s.exact AS name,
    CASE
        WHEN s.exact = e.name THEN 'name'
        WHEN len(string_split(s.exact, ' ')) < len(string_split(e.name, ' ')) THEN 'weak_alias'
        ELSE 'alias'
    END AS name_kind,
    NULL AS lang,
    'mention' AS origin
FROM spellings AS s
JOIN entities AS e ON s.entity_id = e.entity_id
WHERE NOT EXISTS (
    SELECT 1 FROM known_names AS k
    WHERE k.entity_id = s.entity_id AND k.name = s.exact
);

DELETE FROM entity_offices
WHERE entity_id IN (SELECT t.entity_id FROM touched AS t);

INSERT INTO entity_offices BY NAME
SELECT k.*
FROM known_offices AS k
WHERE k.entity_id IN (SELECT s.entity_id FROM spellings AS s);

-- Where most of what an id named went, the id leads.
INSERT INTO entity_redirects BY NAME
SELECT
    c.old_id,
    c.entity_id,
    'articles' AS reason,
    now() AS since,
    getvariable('run_id') AS run_id
FROM changed AS c
WHERE c.old_id IS NOT NULL AND c.entity_id IS NOT NULL AND c.old_id <> c.entity_id
GROUP BY c.old_id, c.entity_id
QUALIFY row_number() OVER (PARTITION BY c.old_id ORDER BY count(*) DESC, c.entity_id) = 1;

INSERT INTO entity_redirects BY NAME
SELECT
    m.base_id AS old_id,
    m.entity_id,
    'judgement' AS reason,
    now() AS since,
    getvariable('run_id') AS run_id
FROM merged AS m
WHERE
    m.base_id <> m.entity_id
    AND NOT EXISTS (
        SELECT 1 FROM entity_redirects AS r
        WHERE r.old_id = m.base_id AND r.entity_id = m.entity_id AND r.reason = 'judgement'
    );

-- An id that lives again leads nowhere, one that leads to a dead id leads on, and each leads to one place: a
-- judgement's before any other, then the latest.
UPDATE entity_redirects AS r
SET entity_id = n.entity_id
FROM entity_redirects AS n
WHERE r.entity_id = n.old_id AND r.old_id <> n.entity_id AND r.entity_id NOT IN (SELECT e.entity_id FROM entities AS e);

CREATE OR REPLACE TEMP TABLE kept_redirects AS
SELECT r.*
FROM entity_redirects AS r
WHERE
    r.old_id NOT IN (SELECT e.entity_id FROM entities AS e)
    AND r.entity_id IN (SELECT e.entity_id FROM entities AS e)
QUALIFY row_number() OVER (
    PARTITION BY r.old_id
    ORDER BY r.reason = 'judgement' DESC, r.since DESC, r.entity_id
) = 1;

DELETE FROM entity_redirects;

INSERT INTO entity_redirects BY NAME
SELECT l.*
FROM kept_redirects AS l;

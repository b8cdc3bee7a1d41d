-- One batch of annotated texts -> mentions, entities, entity_names, ops.recognitions. One transaction.
-- Temporary tables: read_texts (article_id, version, mention_count), found (the columns of mentions),
-- resolved (entity_id, entity_type, name, country, wikidata_id, origin),
-- known_names (entity_id, name, name_kind, lang). Variables: run_id, recognizer_version.

-- Entities whose mentions change: what is derived from mentions is computed anew for them, from all their mentions,
-- so that the order of arrival does not matter.
CREATE OR REPLACE TEMP TABLE touched AS
SELECT m.entity_id
FROM mentions AS m
JOIN read_texts AS t ON m.article_id = t.article_id AND m.version = t.version
WHERE m.entity_id IS NOT NULL
UNION
SELECT entity_id
FROM resolved;

DELETE FROM mentions AS m
USING read_texts AS t
WHERE m.article_id = t.article_id AND m.version = t.version;

INSERT INTO mentions BY NAME
SELECT f.*, getvariable('run_id') AS run_id
FROM found AS f;

DELETE FROM ops.recognitions AS r
USING read_texts AS t
WHERE r.article_id = t.article_id AND r.version = t.version;

INSERT INTO ops.recognitions BY NAME
SELECT
    t.article_id,
    t.version,
    getvariable('recognizer_version') AS recognizer_version,
    t.mention_count,
    now() AS recognised_at,
    getvariable('run_id') AS run_id
FROM read_texts AS t;

CREATE OR REPLACE TEMP TABLE described AS
SELECT * FROM resolved
UNION ALL
SELECT e.entity_id, e.entity_type, e.name, e.country, e.wikidata_id, e.origin
FROM entities AS e
WHERE
    e.entity_id IN (SELECT t.entity_id FROM touched AS t)
    AND e.entity_id NOT IN (SELECT r.entity_id FROM resolved AS r);

CREATE OR REPLACE TEMP TABLE spellings AS
SELECT
    m.entity_id,
    m.exact,
    count(*) AS mention_count,
    min(v.valid_from) AS first_seen,
    max(v.valid_from) AS last_seen
FROM mentions AS m
JOIN article_versions AS v ON m.article_id = v.article_id AND m.version = v.version
WHERE m.entity_id IN (SELECT t.entity_id FROM touched AS t)
GROUP BY m.entity_id, m.exact;

-- A local entity shows its longest name, of equally long ones the most frequent.
CREATE OR REPLACE TEMP TABLE shown AS
SELECT s.entity_id, s.exact AS name
FROM spellings AS s
QUALIFY row_number() OVER (
    PARTITION BY s.entity_id
    ORDER BY len(string_split(s.exact, ' ')) DESC, s.mention_count DESC, s.exact
) = 1;

DELETE FROM entities
WHERE entity_id IN (SELECT t.entity_id FROM touched AS t);

INSERT INTO entities BY NAME
SELECT
    d.entity_id,
    d.entity_type,
    CASE WHEN d.origin = 'local' THEN n.name ELSE d.name END AS name,
    d.country,
    d.wikidata_id,
    d.origin,
    min(s.first_seen) AS first_seen,
    max(s.last_seen) AS last_seen
FROM described AS d
JOIN shown AS n ON d.entity_id = n.entity_id
JOIN spellings AS s ON d.entity_id = s.entity_id
GROUP BY ALL;

DELETE FROM entity_names
WHERE entity_id IN (SELECT t.entity_id FROM touched AS t);

INSERT INTO entity_names BY NAME
SELECT k.entity_id, k.name, k.name_kind, k.lang, 'catalogue' AS origin
FROM known_names AS k
WHERE k.entity_id IN (SELECT s.entity_id FROM spellings AS s);

-- A printed form with fewer words than the name (a surname, an acronym) means the entity only with support.
INSERT INTO entity_names BY NAME
SELECT
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

-- A version that a late capture replaced takes its mentions with it, and an entity that nothing mentions goes too.
DELETE FROM entities
WHERE entity_id NOT IN (SELECT m.entity_id FROM mentions AS m WHERE m.entity_id IS NOT NULL);

DELETE FROM entity_names
WHERE entity_id NOT IN (SELECT e.entity_id FROM entities AS e);

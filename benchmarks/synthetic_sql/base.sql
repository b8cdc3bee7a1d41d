-- A made-up warehouse of the size that is asked for: skewed as news is, the same for the same seed. Nothing in it is
-- from a page. Variables: articles, days, entities, outlets, seed. Every article is a mention-bearing text of its own,
-- so that spans are exact; some 40 mentions an article, of some 15 entities, each sentence naming one to three.
-- u(x): a number in [0, 1) that depends on x and the seed alone. zipf(u, n): 1 to n, the first most often.
CREATE OR REPLACE TEMP MACRO u(x) AS (hash(x, getvariable('seed')) % 1048573) / 1048573.0;
CREATE OR REPLACE TEMP MACRO zipf(x, n) AS least(n, floor(exp(x * ln(n + 1)))::INTEGER);
CREATE OR REPLACE TEMP MACRO pick(x, choices) AS choices[1 + floor(u(x) * len(choices))::INTEGER];

CREATE OR REPLACE TEMP TABLE words AS
SELECT
    range AS n,
    concat(
        pick('a' || range, ['b', 'c', 'd', 'f', 'g', 'l', 'm', 'n', 'p', 'r', 's', 't', 'st', 'tr', 'pl', 'gr']),
        pick('b' || range, ['a', 'e', 'i', 'o', 'u', 'ai', 'ou', 'ea']),
        pick('c' || range, ['l', 'm', 'n', 'r', 's', 't', 'nd', 'st', 'ct', 'll']),
        CASE WHEN range > 300 THEN pick('d' || range, ['a', 'e', 'i', 'o', 'u']) ELSE '' END,
        CASE WHEN range > 300 THEN pick('e' || range, ['b', 'd', 'k', 'm', 'n', 'r', 't', 'v', 'p']) ELSE '' END,
        CASE WHEN range > 3000 THEN pick('f' || range, ['a', 'o', 'e']) ELSE '' END,
        CASE WHEN range > 3000 THEN pick('g' || range, ['n', 'r', 'l', 't']) ELSE '' END,
        pick('h' || range, ['', '', 's', 'ed', 'ing', 'er', 'ation', 'ly'])
    ) AS word
FROM range(1, 60001);

-- What stands between two names.
CREATE OR REPLACE TEMP TABLE phrases AS
SELECT
    p.n,
    string_agg(w.word, ' ' ORDER BY p.i) AS phrase
FROM (
    SELECT p.range AS n, i.range AS i, zipf(u('phrase ' || p.range || ' ' || i.range), 60000) AS word_n
    FROM range(40000) AS p, range(9) AS i
) AS p
JOIN words AS w ON p.word_n = w.n
GROUP BY p.n;

INSERT INTO sources BY NAME
SELECT
    'outlet-' || range AS source_id,
    concat(pick('name a' || range, ['Daily', 'Morning', 'Evening', 'New', 'National', 'Free']), ' ', upper(w.word[1]), w.word[2:], ' ', range) AS name,
    'outlet-' || range || '.example' AS domain,
    'https://outlet-' || range || '.example/' AS homepage,
    pick('country ' || range, ['US', 'GB', 'DE', 'FR', 'ES', 'IN', 'CN', 'BR', 'NG', 'AU', 'CA', 'QA']) AS country,
    pick('language ' || range, ['en', 'en', 'en', 'en', 'de', 'fr', 'es']) AS in_language,
    CASE WHEN range % 12 = 0 THEN 'aggregator' WHEN range % 15 = 0 THEN 'agency' ELSE 'publisher' END AS source_role,
    'configured' AS origin
FROM range(1, getvariable('outlets') + 1)
JOIN words AS w ON range + 500 = w.n;

INSERT INTO entities BY NAME
SELECT
    CASE WHEN e.i % 4 = 0 THEN 'Q' || (1000 + e.i * 7) ELSE 'local:' || left(md5('entity ' || e.i), 16) END AS entity_id,
    pick('type ' || e.i, ['person', 'person', 'person', 'organization', 'organization', 'place', 'place', 'nationality', 'event']) AS entity_type,
    concat(upper(a.word[1]), a.word[2:], ' ', upper(b.word[1]), b.word[2:]) AS name,
    pick('of ' || e.i, ['US', 'GB', 'DE', 'FR', 'ES', 'IN', 'CN', 'BR', NULL, NULL]) AS country,
    CASE WHEN e.i % 4 = 0 THEN 'Q' || (1000 + e.i * 7) END AS wikidata_id,
    CASE WHEN e.i % 4 = 0 THEN 'catalogue' ELSE 'local' END AS origin
FROM (SELECT range AS i FROM range(1, getvariable('entities') + 1)) AS e
JOIN words AS a ON 1 + hash('first', e.i) % 60000 = a.n
JOIN words AS b ON 1 + hash('last', e.i) % 60000 = b.n;

CREATE OR REPLACE TEMP TABLE numbered AS
SELECT row_number() OVER (ORDER BY hash(e.entity_id, getvariable('seed'))) AS n, e.*
FROM entities AS e;

-- Outlets give much or little; weekends give less; four in a hundred articles were edited once.
CREATE OR REPLACE TEMP TABLE pages AS
SELECT
    range AS n,
    left(md5('article ' || range), 32) AS article_id,
    'outlet-' || zipf(u('outlet ' || range), getvariable('outlets')) AS source_id,
    DATE '2026-03-31' - floor(u('day ' || range) * getvariable('days'))::INTEGER AS day,
    u('versions ' || range) < 0.04 AS is_edited,
    24 + floor(u('length ' || range) * 32)::INTEGER AS names
FROM range(1, getvariable('articles') + 1);

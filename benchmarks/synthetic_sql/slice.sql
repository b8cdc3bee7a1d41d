-- The articles of some days, with all that is read from them. Variables: first_day, last_day.
CREATE OR REPLACE TEMP TABLE slice AS
SELECT * FROM pages WHERE day BETWEEN getvariable('first_day') AND getvariable('last_day');

-- In an article the first names come back most; three in ten are of those that a day is about.
CREATE OR REPLACE TEMP TABLE slots AS
SELECT
    n,
    article_id,
    slot,
    CASE
        WHEN u(n * 100 + k) < 0.3 THEN 1 + hash(day, zipf(u(n * 300 + k), 300), getvariable('seed')) % getvariable('entities')
        ELSE zipf(u(n * 200 + k), getvariable('entities'))
    END::INTEGER AS entity_n,
    (hash('phrase', n, slot) % 40000)::INTEGER AS phrase_n
FROM (
    SELECT n, article_id, day, slot, zipf(u(n * 1000 + slot), 20) AS k
    FROM (SELECT n, article_id, day, unnest(range(names)) AS slot FROM slice) AS p
) AS p;

CREATE OR REPLACE TEMP TABLE named AS
SELECT
    s.n,
    s.article_id,
    s.slot,
    s.slot % 13 = 12 AS is_open,
    e.entity_id,
    e.entity_type,
    e.name,
    f.phrase,
    floor(s.slot / 1.6)::INTEGER AS sentence_no,
    floor((s.slot + 1) / 1.6)::INTEGER > floor(s.slot / 1.6)::INTEGER AS ends
FROM slots AS s
JOIN numbered AS e ON s.entity_n = e.n
JOIN phrases AS f ON s.phrase_n = f.n;

CREATE OR REPLACE TEMP TABLE texts AS
SELECT
    article_id,
    string_agg(concat(name, ' ', phrase, CASE WHEN ends THEN '.' ELSE '' END), ' ' ORDER BY slot) AS article_body,
    first(concat(name, ' ', phrase) ORDER BY slot) AS headline,
    count(*) * 11 AS word_count
FROM named
GROUP BY article_id;

INSERT INTO article_versions BY NAME
SELECT
    p.article_id,
    v.version,
    p.source_id,
    CASE
        WHEN u('publisher ' || p.n) < 0.1 THEN 'outlet-' || zipf(u('other ' || p.n), getvariable('outlets'))
        WHEN u('publisher ' || p.n) < 0.9 THEN p.source_id
    END AS publisher_id,
    'https://' || p.source_id || '.example/' || p.n AS url,
    CASE WHEN v.version = 1 AND p.is_edited THEN 'Early: ' ELSE '' END || t.headline AS headline,
    CASE WHEN p.n % 9 > 0 THEN p.day + INTERVAL 1 MINUTE * floor(u('at ' || p.n) * 1400)::INTEGER END AS date_published,
    CASE WHEN p.n % 9 > 0 THEN pick('precision ' || p.n, ['second', 'minute', 'minute', 'day']) END AS date_published_precision,
    CASE WHEN p.n % 9 > 0 THEN pick('read ' || p.n, ['json_ld', 'json_ld', 'meta', 'time', 'text', 'url']) END AS date_published_source,
    s.in_language,
    t.article_body,
    t.word_count,
    md5(t.article_body) AS body_sha256,
    md5(concat(t.article_body, v.version)) AS content_sha256,
    left(md5(concat('fetch ', p.n, ' ', v.version)), 32) AS fetch_id,
    p.day AS fetch_date,
    'html' AS extractor,
    'synthetic' AS extractor_version,
    CASE WHEN v.version = 1 THEN 'first' ELSE 'publisher_edit' END AS change_kind,
    p.day + INTERVAL 1 HOUR * (6 + 6 * v.version) AS valid_from,
    CASE WHEN v.version = 1 AND p.is_edited THEN p.day + INTERVAL 18 HOUR END AS valid_to,
    'run' AS run_id
FROM slice AS p
JOIN texts AS t ON p.article_id = t.article_id
JOIN sources AS s ON p.source_id = s.source_id
JOIN (VALUES (1), (2)) AS v (version) ON v.version = 1 OR p.is_edited
ORDER BY p.day, p.n;

INSERT INTO mentions BY NAME
WITH placed AS (
    SELECT
        *,
        coalesce(
            sum(length(name) + 1 + length(phrase) + CASE WHEN ends THEN 2 ELSE 1 END)
                OVER (PARTITION BY article_id ORDER BY slot ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
            0
        )::INTEGER AS start_char
    FROM named
)

SELECT
    left(md5(concat(m.n, ' ', m.slot, ' ', v.version, CASE WHEN h.in_headline THEN ' headline' END)), 32) AS mention_id,
    m.article_id,
    v.version,
    CASE WHEN NOT m.is_open THEN m.entity_id END AS entity_id,
    m.entity_type AS mention_type,
    m.name AS exact,
    right(lag(m.phrase) OVER (PARTITION BY m.article_id, v.version ORDER BY m.slot), 31) || ' ' AS prefix,
    ' ' || left(m.phrase, 31) AS suffix,
    h.start_char,
    h.start_char + length(m.name)::INTEGER AS end_char,
    CASE WHEN h.in_headline THEN 0 ELSE m.sentence_no END AS sentence_no,
    h.in_headline,
    0.8 + 0.2 * u('sure ' || m.name) AS confidence,
    CASE WHEN m.n % 3 = 0 THEN 'catalogue' ELSE 'en_core_web_sm' END AS recognizer,
    'synthetic' AS recognizer_version,
    'run' AS run_id,
    left(md5(concat(m.article_id, m.entity_id, m.is_open)), 32) AS referent_id,
    CASE WHEN m.entity_type = 'person' AND m.slot % 5 = 0 THEN pick('role ' || m.name, ['president', 'prime minister', 'spokesperson', 'coach', 'judge']) END AS role_text
FROM placed AS m
JOIN article_versions AS v ON m.article_id = v.article_id AND v.fetch_date BETWEEN getvariable('first_day') AND getvariable('last_day')
-- The headline is the first name and what follows it, in some first versions after a word of its own.
CROSS JOIN LATERAL (
    SELECT FALSE AS in_headline, m.start_char
    UNION ALL
    SELECT TRUE AS in_headline, (length(v.headline) - length(m.name) - 1 - length(m.phrase))::INTEGER AS start_char
    WHERE m.slot = 0
) AS h
ORDER BY v.fetch_date, m.n, v.version, m.slot, h.in_headline;

INSERT INTO article_entities BY NAME
SELECT
    m.article_id,
    m.version,
    m.referent_id,
    m.entity_id,
    m.entity_id AS base_id,
    any_value(m.mention_type) AS entity_type,
    any_value(m.exact) AS name,
    lower(any_value(m.exact)) AS name_key,
    CASE
        WHEN m.entity_id IS NULL THEN pick(any_value(m.referent_id), ['ambiguous', 'lone_name', 'unsupported'])
        WHEN m.entity_id LIKE 'local:%' THEN 'local'
        ELSE pick(any_value(m.referent_id), ['name', 'context', 'article'])
    END AS reason,
    CASE WHEN m.entity_id IS NULL THEN ['Q' || length(any_value(m.exact)), 'Q' || (100 + length(any_value(m.exact)))] END AS candidates,
    count(*) AS mention_count,
    bool_or(m.in_headline) AS in_headline,
    'synthetic' AS recognizer_version
FROM mentions AS m
JOIN slice AS p ON m.article_id = p.article_id
GROUP BY m.article_id, m.version, m.referent_id, m.entity_id;

INSERT INTO article_blocks BY NAME
SELECT
    v.article_id,
    v.version,
    v.block_no,
    CASE WHEN v.block_no < 3 THEN 'navigation' WHEN v.block_no = 3 THEN 'headline' WHEN v.block_no < 8 THEN 'body' ELSE pick(concat(v.article_id, v.block_no), ['share', 'teaser', 'note', 'credit']) END AS role,
    v.block_no BETWEEN 4 AND 7 AS is_body,
    CASE WHEN v.block_no BETWEEN 4 AND 7 THEN (v.block_no - 4) * (length(v.article_body) // 4) END AS start_char,
    CASE WHEN v.block_no BETWEEN 4 AND 7 THEN (v.block_no - 3) * (length(v.article_body) // 4) END AS end_char,
    CASE WHEN v.block_no BETWEEN 4 AND 7 THEN v.article_body[1 + (v.block_no - 4) * (length(v.article_body) // 4):(v.block_no - 3) * (length(v.article_body) // 4)] ELSE f.phrase END AS block_text,
    CASE WHEN v.block_no BETWEEN 4 AND 7 THEN 'layout.article' ELSE pick(concat('rule', v.block_no), ['layout.links', 'words.share', 'learnt.line', 'layout.outside']) END AS rule_id,
    0.9 AS confidence
FROM (
    SELECT a.*, b.range AS block_no, (hash(a.source_id, b.range) % 40000)::BIGINT AS phrase_n
    FROM article_versions AS a
    CROSS JOIN range(12) AS b
    WHERE a.fetch_date BETWEEN getvariable('first_day') AND getvariable('last_day')
) AS v
JOIN phrases AS f ON v.phrase_n = f.n
ORDER BY v.fetch_date, v.article_id, v.version, v.block_no;

INSERT INTO article_evidence BY NAME
SELECT
    v.article_id,
    v.version,
    e.n AS evidence_no,
    e.field,
    CASE e.field WHEN 'headline' THEN v.headline WHEN 'in_language' THEN v.in_language ELSE coalesce(v.date_published::VARCHAR, '') END AS value_text,
    e.source,
    e.source || '.' || e.field AS rule_id,
    e.n % 2 = 0 AS is_chosen,
    0.9 AS confidence
FROM article_versions AS v
CROSS JOIN (
    VALUES (0, 'headline', 'text'), (1, 'headline', 'meta'), (2, 'date_published', 'json_ld'), (3, 'date_published', 'meta'), (4, 'in_language', 'text')
) AS e (n, field, source)
WHERE
    (e.field <> 'date_published' OR v.date_published IS NOT NULL)
    AND v.fetch_date BETWEEN getvariable('first_day') AND getvariable('last_day');

-- Which articles say these words?
-- Articles that print all the words, in any order, in the body or the headline, whatever their case and accents. A word
-- that some text prints as it is asked also finds its other endings, where the language has a stemmer. The best first
-- (BM25; a word in the headline counts as three). passage is the text around one of the words. newsledger search also
-- knows phrases, words that must not occur and beginnings of words.
-- topic: articles
-- $words text = (SELECT name FROM mart.dim_entity ORDER BY article_count DESC, entity_id LIMIT 1): words to look for.
-- $since date = (SELECT max(day) - 29 FROM rollups.days): first day of first capture counted (UTC).
-- $until date = (SELECT max(day) FROM rollups.days): last such day.
-- $outlet text = NULL: one outlet alone: its id, name or domain; case and accents don't count.
-- $entity text = NULL: articles that name this entity alone: an id that it has or had, or a name.
-- $language text = NULL: texts in one language alone, as en.
-- $top integer = 20: rows shown.
WITH given AS (
    SELECT
        $words::VARCHAR AS words,
        $since::DATE AS since,
        $until::DATE AS until,
        $outlet::VARCHAR AS outlet,
        $entity::VARCHAR AS entity,
        $language::VARCHAR AS language,
        $top::BIGINT AS top
),

asked AS (
    SELECT i.entity_id
    FROM entity_ids AS i
    JOIN given AS g ON i.any_id = g.entity
    UNION
    SELECT n.entity_id
    FROM entity_names AS n
    JOIN given AS g ON lower(strip_accents(n.name)) = lower(strip_accents(g.entity))
),

asked_words AS (
    SELECT DISTINCT unnest(regexp_extract_all(lower(strip_accents(g.words)), '[\p{L}\p{N}\p{M}]+')) AS word
    FROM given AS g
),

terms AS (
    SELECT DISTINCT
        a.word,
        w.term_id
    FROM asked_words AS a
    JOIN search.words AS w ON a.word = w.word
),

hits AS (
    SELECT
        p.doc_no,
        t.word,
        sum(p.body_count + 3 * p.headline_count) AS times
    FROM search.postings AS p
    JOIN terms AS t ON p.term_id = t.term_id
    GROUP BY p.doc_no, t.word
),

texts AS (
    SELECT count(*) AS documents, avg(body_words + 3 * headline_words) AS mean_length
    FROM search.documents
),

weights AS (
    SELECT
        h.word,
        ln(1 + (any_value(d.documents) - count(*) + 0.5) / (count(*) + 0.5)) AS rarity,
        any_value(d.mean_length) AS mean_length
    FROM hits AS h
    CROSS JOIN texts AS d
    GROUP BY h.word
),

found AS (
    SELECT
        d.article_id,
        d.version,
        d.day,
        any_value(coalesce(s.name, d.outlet_id)) AS outlet,
        round(
            sum(
                w.rarity * h.times * 2.2
                / (h.times + 1.2 * (0.25 + 0.75 * (d.body_words + 3 * d.headline_words) / w.mean_length))
            ),
            3
        ) AS score
    FROM hits AS h
    JOIN weights AS w ON h.word = w.word
    JOIN search.documents AS d ON h.doc_no = d.doc_no
    LEFT JOIN sources AS s ON d.outlet_id = s.source_id
    CROSS JOIN given AS g
    WHERE
        d.day BETWEEN g.since AND g.until
        AND (g.language IS NULL OR d.in_language = lower(g.language))
        AND (
            g.outlet IS NULL
            OR lower(strip_accents(g.outlet)) IN (d.outlet_id, lower(s.domain), lower(strip_accents(s.name)))
        )
        AND (
            g.entity IS NULL
            OR d.article_id IN (
                SELECT t.article_id
                FROM article_entities AS t
                JOIN asked AS k ON t.entity_id = k.entity_id
                WHERE t.version = d.version
            )
        )
    GROUP BY d.article_id, d.version, d.day
    HAVING count(*) = (SELECT count(*) FROM asked_words)
    ORDER BY score DESC, d.day DESC, d.article_id
    LIMIT (SELECT given.top FROM given)
),

placed AS (
    SELECT
        f.*,
        v.in_language,
        v.headline,
        v.url,
        v.article_body,
        strpos(lower(strip_accents(v.article_body)), (SELECT min(a.word) FROM asked_words AS a)) AS place
    FROM found AS f
    JOIN article_versions AS v ON f.article_id = v.article_id AND f.version = v.version
)

SELECT
    f.score,
    f.day,
    f.outlet,
    f.in_language,
    f.headline,
    trim(translate(substring(f.article_body, greatest(f.place - 40, 1), 120), chr(10), ' ')) AS passage,
    f.url,
    f.article_id
FROM placed AS f
ORDER BY f.score DESC, f.day DESC, f.article_id;

-- Articles that print all that is asked, the best first.
-- BM25: a word that is rare, and often in a short article, counts most.
WITH asked AS (
    -- how: word (small, without accents), stem (of a stemmer), prefix, inside. Negative numbers must not occur.
    SELECT unnest($asked::STRUCT(word_no INTEGER, how VARCHAR, text VARCHAR, stemmer VARCHAR)[], recursive := TRUE)
),

wanted AS (
    -- NULL: any.
    SELECT
        $in_language::VARCHAR AS in_language,
        $outlet_id::VARCHAR AS outlet_id,
        $entity_id::VARCHAR AS entity_id,
        $first_day::DATE AS first_day,
        $last_day::DATE AS last_day,
        $body_weight::DOUBLE AS body_weight,
        $headline_weight::DOUBLE AS headline_weight
),

terms AS (
    SELECT a.word_no, w.term_id
    FROM asked AS a
    JOIN search.words AS w ON a.text = w.word
    WHERE a.how = 'word'
    UNION
    SELECT a.word_no, w.term_id
    FROM asked AS a
    JOIN search.words AS w ON a.text = w.term AND a.stemmer = w.stemmer
    WHERE a.how = 'stem'
    UNION
    SELECT a.word_no, w.term_id
    FROM (SELECT word_no, text FROM asked WHERE how = 'prefix') AS a
    JOIN search.words AS w ON starts_with(w.word, a.text)
    UNION
    SELECT a.word_no, w.term_id
    FROM (SELECT word_no, text FROM asked WHERE how = 'inside') AS a
    JOIN search.words AS w ON contains(w.word, a.text)
),

hits AS (
    SELECT
        p.doc_no,
        t.word_no,
        sum(p.body_count * n.body_weight + p.headline_count * n.headline_weight) AS times
    FROM search.postings AS p
    JOIN terms AS t ON p.term_id = t.term_id
    CROSS JOIN wanted AS n
    GROUP BY p.doc_no, t.word_no
    HAVING sum(p.body_count * n.body_weight + p.headline_count * n.headline_weight) > 0
),

spread AS (
    SELECT
        count(*) AS documents,
        greatest(avg(d.body_words * n.body_weight + d.headline_words * n.headline_weight), 1) AS mean_length
    FROM search.documents AS d
    CROSS JOIN wanted AS n
),

weights AS (
    SELECT
        h.word_no,
        ln(1 + (any_value(s.documents) - count(*) + 0.5) / (count(*) + 0.5)) AS rarity
    FROM hits AS h
    CROSS JOIN spread AS s
    GROUP BY h.word_no
),

-- Of each phrase the two words that the fewest articles print: where these stand as far apart as asked, the text
-- is read. Else a phrase of words that everyone uses, and nobody in this order, would cost the reading of all texts.
steps AS (
    SELECT unnest($steps::STRUCT(phrase_no INTEGER, place INTEGER, word_no INTEGER)[], recursive := TRUE)
),

rare_steps AS (
    SELECT
        s.phrase_no,
        s.place,
        s.word_no,
        row_number() OVER (PARTITION BY s.phrase_no ORDER BY w.rarity DESC, s.place) AS nth
    FROM steps AS s
    JOIN weights AS w ON s.word_no = w.word_no
    QUALIFY nth <= 2
),

standing AS (
    SELECT
        r.phrase_no,
        r.place,
        r.nth,
        p.doc_no,
        p.positions
    FROM search.postings AS p
    JOIN terms AS t ON p.term_id = t.term_id
    JOIN rare_steps AS r ON t.word_no = r.word_no
),

in_row AS (
    SELECT a.doc_no, count(DISTINCT a.phrase_no) AS phrases
    FROM standing AS a
    JOIN standing AS b ON a.doc_no = b.doc_no AND a.phrase_no = b.phrase_no
    WHERE
        a.nth = 1
        AND b.nth = 2
        AND list_has_any(list_transform(a.positions, LAMBDA p: p + b.place - a.place), b.positions)
    GROUP BY a.doc_no
),

candidates AS (
    SELECT
        d.doc_no,
        d.article_id,
        d.version,
        d.day,
        d.outlet_id,
        d.in_language,
        d.body_words * n.body_weight + d.headline_words * n.headline_weight AS length
    FROM search.documents AS d
    CROSS JOIN wanted AS n
    WHERE
        (n.in_language IS NULL OR d.in_language = n.in_language)
        AND (n.outlet_id IS NULL OR d.outlet_id = n.outlet_id)
        AND (n.first_day IS NULL OR d.day >= n.first_day)
        AND (n.last_day IS NULL OR d.day <= n.last_day)
        AND (
            n.entity_id IS NULL
            OR d.article_id IN (
                SELECT e.article_id
                FROM article_entities AS e
                JOIN wanted AS w ON e.entity_id = w.entity_id
                JOIN articles AS a ON e.article_id = a.article_id AND e.version = a.version
            )
        )
        AND (
            (SELECT count(*) FROM steps) = 0
            OR d.doc_no IN (
                SELECT r.doc_no
                FROM in_row AS r
                WHERE r.phrases = (SELECT count(DISTINCT t.phrase_no) FROM steps AS t)
            )
        )
),

scored AS (
    SELECT
        c.article_id,
        c.version,
        c.day,
        c.outlet_id,
        c.in_language,
        -- k1 1.2 and b 0.75, as usual.
        round(
            sum(w.rarity * h.times * 2.2 / (h.times + 1.2 * (0.25 + 0.75 * c.length / s.mean_length))), 4
        ) AS score
    FROM hits AS h
    JOIN candidates AS c ON h.doc_no = c.doc_no
    JOIN weights AS w ON h.word_no = w.word_no
    CROSS JOIN spread AS s
    GROUP BY c.article_id, c.version, c.day, c.outlet_id, c.in_language
    HAVING
        min(h.word_no) > 0
        AND count(*) = (SELECT count(DISTINCT a.word_no) FROM asked AS a WHERE a.word_no > 0)
    ORDER BY score DESC, day DESC, article_id
    LIMIT $candidates
),

-- Where the rows lie, first: a few rows that are asked for by their number are all that is read of the texts. By their
-- ids the whole column is read, 1.5 GB of 300,000 articles.
stored AS MATERIALIZED (
    SELECT s.*, a.rowid AS row_no
    FROM scored AS s
    JOIN article_versions AS a ON s.article_id = a.article_id AND s.version = a.version
),

-- Phrases are looked for in the text. Headline and body are parted by a letter that no phrase has.
texts AS (
    SELECT
        s.score,
        s.day,
        s.outlet_id,
        s.in_language,
        s.article_id,
        a.headline,
        a.article_body,
        concat(if(n.headline_weight > 0, a.headline, ''), ' ꙮ ', if(n.body_weight > 0, a.article_body, '')) AS searched
    FROM stored AS s
    JOIN article_versions AS a ON s.row_no = a.rowid
    CROSS JOIN wanted AS n
)

SELECT
    score,
    day,
    outlet_id,
    in_language,
    article_id,
    headline,
    article_body
FROM texts
WHERE TRUE
ORDER BY score DESC, day DESC, article_id
LIMIT $shown;

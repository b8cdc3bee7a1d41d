-- Words asked for that are not in the index, each with the nearest that are.
-- Parameters: $asked, as in search_ranked.sql; $most.
WITH asked AS (
    SELECT unnest($asked::STRUCT(word_no INTEGER, how VARCHAR, text VARCHAR, stemmer VARCHAR)[], recursive := TRUE)
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

unknown AS (
    SELECT a.word_no, a.text
    FROM asked AS a
    WHERE a.word_no > 0 AND a.how <> 'stem' AND a.word_no NOT IN (SELECT t.word_no FROM terms AS t)
),

printed AS (
    SELECT DISTINCT word
    FROM search.words
),

-- Longer words that begin so; else one letter in four may differ, but not the first.
near AS (
    SELECT
        u.word_no,
        w.word,
        if(starts_with(w.word, u.text), 0, damerau_levenshtein(u.text, w.word)) AS distance
    FROM unknown AS u
    JOIN printed AS w
        ON
            left(u.text, 1) = left(w.word, 1)
            AND (
                (length(u.text) >= 4 AND starts_with(w.word, u.text))
                OR (
                    abs(length(u.text) - length(w.word)) <= 2
                    AND damerau_levenshtein(u.text, w.word) <= greatest(1, length(u.text) // 4)
                )
            )
    QUALIFY row_number() OVER (PARTITION BY u.word_no ORDER BY distance, length(w.word), w.word) <= $most
)

SELECT u.text AS word, n.word AS near
FROM unknown AS u
LEFT JOIN near AS n ON u.word_no = n.word_no
ORDER BY u.word_no, n.distance, length(n.word), n.word;

-- Words of the index that what is asked for stands for. Parameter: $asked, as in search_ranked.sql.
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
)

SELECT DISTINCT w.word
FROM search.words AS w
JOIN terms AS t ON w.term_id = t.term_id
WHERE t.word_no > 0;

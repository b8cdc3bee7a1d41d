-- Counts and places the words of one slice of fresh documents. Variable: slice.
-- Texts are cut at spaces first: what a word is must then be found out once for each distinct piece.
CREATE OR REPLACE TEMP TABLE printed_pieces AS
WITH texts AS (
    SELECT
        f.doc_no,
        f.stemmer,
        string_split(translate(a.headline, chr(9) || chr(10) || chr(13) || chr(160), '    '), ' ') AS of_headline,
        string_split(translate(a.article_body, chr(9) || chr(10) || chr(13) || chr(160), '    '), ' ') AS of_body
    FROM fresh_documents AS f
    JOIN article_versions AS a ON f.article_id = a.article_id AND f.version = a.version
    WHERE
        f.slice = getvariable('slice')
        AND a.fetch_date BETWEEN
        (SELECT min(s.fetch_date) FROM fresh_documents AS s WHERE s.slice = getvariable('slice'))
        AND (SELECT max(s.fetch_date) FROM fresh_documents AS s WHERE s.slice = getvariable('slice'))
),

pieces AS (
    SELECT
        doc_no,
        stemmer,
        FALSE AS in_body,
        unnest(of_headline) AS piece,
        generate_subscripts(of_headline, 1)::INTEGER AS place
    FROM texts
    UNION ALL
    SELECT
        doc_no,
        stemmer,
        TRUE AS in_body,
        unnest(of_body) AS piece,
        generate_subscripts(of_body, 1)::INTEGER AS place
    FROM texts
)

SELECT *
FROM pieces
WHERE piece <> '';

-- Pieces get numbers: a text without spaces is one piece of many words, and must not be kept beside each.
CREATE OR REPLACE TEMP TABLE distinct_pieces AS
SELECT
    stemmer,
    piece,
    row_number() OVER ()::INTEGER AS piece_no,
    words_in(small_letters(piece)) AS words
FROM (SELECT DISTINCT stemmer, piece FROM printed_pieces) AS pieces;

CREATE OR REPLACE TEMP TABLE piece_words AS
SELECT
    piece_no,
    stemmer,
    unnest(words) AS printed,
    generate_subscripts(words, 1)::INTEGER AS place
FROM distinct_pieces;

-- The stem is taken before the accents go: stemmers know them.
CREATE OR REPLACE TEMP TABLE slice_words AS
SELECT
    stemmer,
    printed,
    without_accents(printed) AS word,
    without_accents(stem(printed, stemmer)) AS term
FROM (SELECT DISTINCT stemmer, printed FROM piece_words) AS distinct_words
WHERE length(printed) <= getvariable('longest_word');

CREATE OR REPLACE TEMP TABLE slice_terms AS
WITH terms AS (
    SELECT s.stemmer, s.term, any_value(w.term_id) AS term_id
    FROM (SELECT DISTINCT stemmer, term FROM slice_words) AS s
    LEFT JOIN search.words AS w ON s.stemmer = w.stemmer AND s.term = w.term
    GROUP BY s.stemmer, s.term
)

SELECT
    stemmer,
    term,
    coalesce(
        term_id,
        row_number() OVER (PARTITION BY term_id IS NULL ORDER BY stemmer, term)
        + (SELECT coalesce(max(w.term_id), 0) FROM search.words AS w)
    )::INTEGER AS term_id
FROM terms;

INSERT INTO search.words BY NAME
SELECT DISTINCT s.word, s.stemmer, s.term, t.term_id
FROM slice_words AS s
JOIN slice_terms AS t ON s.stemmer = t.stemmer AND s.term = t.term
ANTI JOIN search.words AS w ON s.stemmer = w.stemmer AND s.word = w.word AND s.term = w.term
ORDER BY t.term_id, s.word;

-- A number is left out between headline and body: no words stand in a row across it.
CREATE OR REPLACE TEMP TABLE slice_postings AS
WITH piece_terms AS (
    SELECT p.piece_no, p.place, t.term_id
    FROM piece_words AS p
    JOIN slice_words AS s ON p.stemmer = s.stemmer AND p.printed = s.printed
    JOIN slice_terms AS t ON s.stemmer = t.stemmer AND s.term = t.term
),

placed AS (
    SELECT
        p.doc_no,
        p.in_body,
        d.piece_no,
        (sum(len(d.words)) OVER in_order - len(d.words) + p.in_body::INTEGER)::INTEGER AS words_before
    FROM printed_pieces AS p
    JOIN distinct_pieces AS d ON p.stemmer = d.stemmer AND p.piece = d.piece
    WINDOW in_order AS (PARTITION BY p.doc_no ORDER BY p.in_body, p.place ROWS UNBOUNDED PRECEDING)
)

SELECT
    t.term_id,
    p.doc_no,
    (count(*) FILTER (WHERE p.in_body))::INTEGER AS body_count,
    (count(*) FILTER (WHERE NOT p.in_body))::INTEGER AS headline_count,
    list_sort(list(p.words_before + t.place)) AS positions
FROM placed AS p
JOIN piece_terms AS t ON p.piece_no = t.piece_no
GROUP BY t.term_id, p.doc_no;

INSERT INTO search.postings BY NAME
SELECT term_id, doc_no, body_count, headline_count, positions
FROM slice_postings
ORDER BY term_id, doc_no;

INSERT INTO search.documents BY NAME
SELECT
    f.doc_no,
    f.article_id,
    f.version,
    f.day,
    f.in_language,
    f.outlet_id,
    f.stemmer,
    coalesce(sum(p.headline_count), 0)::INTEGER AS headline_words,
    coalesce(sum(p.body_count), 0)::INTEGER AS body_words
FROM fresh_documents AS f
LEFT JOIN slice_postings AS p ON f.doc_no = p.doc_no
WHERE f.slice = getvariable('slice')
GROUP BY ALL
ORDER BY f.doc_no;

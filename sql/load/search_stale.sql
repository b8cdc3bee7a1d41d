-- What the index lacks and what it should no longer have. Variables: stemmers (stemmer by language; empty
-- where the fts extension is not there: then what is stemmed stays so), slice_length (characters).
CREATE OR REPLACE TEMP TABLE gone_documents AS
SELECT d.doc_no
FROM search.documents AS d
LEFT JOIN articles AS a ON d.article_id = a.article_id AND d.version = a.version
WHERE
    a.article_id IS NULL
    -- Indexed before positions were kept.
    OR d.doc_no IN (SELECT p.doc_no FROM search.postings AS p WHERE p.positions IS NULL)
    OR (
        cardinality(getvariable('stemmers')) > 0
        AND d.stemmer <> coalesce(getvariable('stemmers')[split_part(a.in_language, '-', 1)], 'none')
    );

CREATE OR REPLACE TEMP TABLE fresh_documents AS
WITH indexed AS (
    SELECT article_id, version
    FROM search.documents
    WHERE doc_no NOT IN (SELECT g.doc_no FROM gone_documents AS g)
),

fresh AS (
    SELECT
        a.article_id,
        a.version,
        a.fetch_date,
        f.fetch_date AS day,
        a.in_language,
        coalesce(a.publisher_id, a.source_id) AS outlet_id,
        coalesce(getvariable('stemmers')[split_part(a.in_language, '-', 1)], 'none') AS stemmer,
        length(a.article_body) AS body_length
    FROM articles AS a
    ANTI JOIN indexed AS i ON a.article_id = i.article_id AND a.version = i.version
    JOIN article_versions AS f ON a.article_id = f.article_id AND f.version = 1
)

SELECT
    * EXCLUDE (body_length),
    (row_number() OVER day_by_day + (SELECT coalesce(max(d.doc_no), 0) FROM search.documents AS d))::INTEGER AS doc_no,
    (sum(body_length) OVER day_by_day // getvariable('slice_length'))::INTEGER AS slice
FROM fresh
WINDOW day_by_day AS (ORDER BY day, article_id ROWS UNBOUNDED PRECEDING);

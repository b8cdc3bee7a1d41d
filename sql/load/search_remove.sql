-- Takes gone documents out, with the words that no other article prints.
CREATE OR REPLACE TEMP TABLE gone_terms AS
SELECT DISTINCT term_id
FROM search.postings
WHERE doc_no IN (SELECT g.doc_no FROM gone_documents AS g);

DELETE FROM search.postings
WHERE doc_no IN (SELECT g.doc_no FROM gone_documents AS g);

DELETE FROM search.documents
WHERE doc_no IN (SELECT g.doc_no FROM gone_documents AS g);

CREATE OR REPLACE TEMP TABLE left_terms AS
SELECT DISTINCT p.term_id
FROM search.postings AS p
SEMI JOIN gone_terms AS g ON p.term_id = g.term_id;

DELETE FROM search.words
WHERE
    term_id IN (SELECT g.term_id FROM gone_terms AS g)
    AND term_id NOT IN (SELECT t.term_id FROM left_terms AS t);

-- The words of the current articles, for newsledger search and for SQL: pipelines/warehouse/search.py keeps them.
-- Integers, sorted by term: a column of them takes little room, and a look-up reads little of it.
CREATE TABLE IF NOT EXISTS search.documents (
    doc_no INTEGER NOT NULL,
    article_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    day DATE NOT NULL,
    in_language VARCHAR,
    outlet_id VARCHAR NOT NULL,
    stemmer VARCHAR NOT NULL,
    headline_words INTEGER NOT NULL,
    body_words INTEGER NOT NULL
);

COMMENT ON TABLE search.documents IS 'One row an article whose current version can be searched.';
COMMENT ON COLUMN search.documents.doc_no IS 'Number of the article in this index; another index numbers otherwise.';
COMMENT ON COLUMN search.documents.article_id IS 'Article; with version references article_versions.';
COMMENT ON COLUMN search.documents.version IS 'Version whose words are counted.';
COMMENT ON COLUMN search.documents.day IS 'Day (UTC) of the first capture of the article.';
COMMENT ON COLUMN search.documents.in_language IS 'ISO 639-1 code of the body''s language.';
COMMENT ON COLUMN search.documents.outlet_id IS 'Who wrote it, else who carries it; references sources.';
COMMENT ON COLUMN search.documents.stemmer IS 'Snowball stemmer of its words: english, german, …; none where the language has none, or the fts extension was not there.';
COMMENT ON COLUMN search.documents.headline_words IS 'Words of the headline; overlapping pairs of characters in scripts that are not cut into words.';
COMMENT ON COLUMN search.documents.body_words IS 'Words of the body, counted alike.';

CREATE TABLE IF NOT EXISTS search.words (
    word VARCHAR NOT NULL,
    stemmer VARCHAR NOT NULL,
    term VARCHAR NOT NULL,
    term_id INTEGER NOT NULL
);

COMMENT ON TABLE search.words IS 'One row a word that an article prints, a stemmer and the term that the word is counted under.';
COMMENT ON COLUMN search.words.word IS 'The word in small letters, without accents.';
COMMENT ON COLUMN search.words.stemmer IS 'Stemmer of the articles that print it; see search.documents.';
COMMENT ON COLUMN search.words.term IS 'Its stem, which stands for all words of that stem.';
COMMENT ON COLUMN search.words.term_id IS 'Number of the stem under this stemmer in this index.';

CREATE TABLE IF NOT EXISTS search.postings (
    term_id INTEGER NOT NULL,
    doc_no INTEGER NOT NULL,
    body_count INTEGER NOT NULL,
    headline_count INTEGER NOT NULL,
    positions INTEGER[] NOT NULL
);

COMMENT ON TABLE search.postings IS 'One row a term and an article that prints a word of it.';
COMMENT ON COLUMN search.postings.term_id IS 'Term; see search.words.';
COMMENT ON COLUMN search.postings.doc_no IS 'Article; references search.documents.';
COMMENT ON COLUMN search.postings.body_count IS 'How often the body prints it.';
COMMENT ON COLUMN search.postings.headline_count IS 'How often the headline prints it.';
COMMENT ON COLUMN search.postings.positions IS 'Where it stands, rising: words count from 1 on through the headline, one number is left out, then on through the body.';

-- The warehouse that the views read. Its state is made of counts and sums: hashing every row of every day would cost
-- more than the views do.
SELECT
    a.rows AS articles,
    m.rows AS mentions,
    e.rows AS entities,
    concat_ws('-', a.rows, a.closed, a.words, a.latest, m.rows, m.linked, m.starts, e.rows, q.rows) AS state
FROM
    (
        SELECT
            count(*) AS rows,
            count(valid_to) AS closed,
            sum(word_count) AS words,
            epoch(max(valid_from)) AS latest
        FROM article_versions
    ) AS a,
    (SELECT count(*) AS rows, count(entity_id) AS linked, sum(start_char) AS starts FROM mentions) AS m,
    (SELECT count(*) AS rows FROM entities) AS e,
    (SELECT count(*) AS rows FROM ops.quarantine WHERE resolved_at IS NULL) AS q;

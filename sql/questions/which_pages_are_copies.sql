-- Which pages carry what another outlet wrote?
-- Articles whose host is not who wrote them. original is the page of who wrote it, where the warehouse has it: under
-- the address that the copy calls its own, else under the same headline. Counted per publisher, a copy adds nothing.
-- topic: outlets
-- $since date = (SELECT max(day) - 29 FROM rollups.days): first day of first capture counted (UTC).
-- $until date = (SELECT max(day) FROM rollups.days): last such day.
-- $carrier text = NULL: one carrier alone: its id or name; case and accents don't count.
-- $top integer = 20: rows shown.
WITH given AS (
    SELECT
        $since::DATE AS since,
        $until::DATE AS until,
        $carrier::VARCHAR AS carrier,
        $top::BIGINT AS top
),

copies AS (
    SELECT
        a.article_id,
        f.fetch_date,
        a.source_id,
        a.publisher_id,
        a.headline,
        a.url,
        a.canonical_url,
        coalesce(c.name, a.source_id) AS carried_by,
        coalesce(p.name, a.publisher_id) AS written_by
    FROM articles AS a
    JOIN article_versions AS f ON a.article_id = f.article_id AND f.version = 1
    LEFT JOIN sources AS c ON a.source_id = c.source_id
    LEFT JOIN sources AS p ON a.publisher_id = p.source_id
    CROSS JOIN given AS g
    WHERE
        a.source_id <> a.publisher_id
        AND f.fetch_date BETWEEN g.since AND g.until
        AND (
            g.carrier IS NULL
            OR lower(strip_accents(g.carrier)) IN (a.source_id, lower(strip_accents(c.name)))
        )
    ORDER BY f.fetch_date DESC, a.source_id, a.headline, a.article_id
    LIMIT (SELECT given.top FROM given)
),

originals AS (
    SELECT
        c.article_id,
        min_by(o.article_id, (o.version, o.article_id)) AS original_id,
        min_by(o.url, (o.version, o.article_id)) AS original_url
    FROM copies AS c
    JOIN article_versions AS o
        ON c.publisher_id = o.source_id AND c.article_id <> o.article_id
    WHERE c.canonical_url IN (o.url, o.canonical_url) OR c.headline = o.headline
    GROUP BY c.article_id
)

SELECT
    c.fetch_date AS day,
    c.carried_by,
    c.written_by,
    c.headline,
    c.url,
    o.original_url AS original,
    c.article_id,
    o.original_id
FROM copies AS c
LEFT JOIN originals AS o ON c.article_id = o.article_id
ORDER BY day DESC, c.source_id, c.headline, c.article_id;

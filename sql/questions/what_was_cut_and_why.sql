-- What was cut from the pages, and by which rule?
-- Blocks of current articles that are no part of the body: what they are (role), and the rule that said so. Each has an
-- example from the latest article. Nothing is thrown away: article_blocks has them all.
-- topic: articles
-- $since date = (SELECT max(day) - 6 FROM rollups.days): first day of first capture counted (UTC).
-- $until date = (SELECT max(day) FROM rollups.days): last such day.
-- $outlet text = NULL: one outlet alone: its id, name or domain; case and accents don't count.
-- $role text = NULL: one role alone: teaser, paywall, caption, share, navigation, …
-- $top integer = 40: rows shown.
WITH given AS (
    SELECT
        $since::DATE AS since,
        $until::DATE AS until,
        $outlet::VARCHAR AS outlet,
        $role::VARCHAR AS role,
        $top::BIGINT AS top
),

cut AS (
    SELECT
        b.role,
        b.rule_id,
        count(*) AS blocks,
        count(DISTINCT b.article_id) AS articles,
        max(struct_pack(
            at := a.valid_from, article_id := b.article_id, version := b.version, block_no := b.block_no
        )) AS latest
    FROM article_blocks AS b
    JOIN articles AS a ON b.article_id = a.article_id AND b.version = a.version
    JOIN article_versions AS f ON a.article_id = f.article_id AND f.version = 1
    LEFT JOIN sources AS s ON coalesce(a.publisher_id, a.source_id) = s.source_id
    CROSS JOIN given AS g
    WHERE
        NOT b.is_body
        AND f.fetch_date BETWEEN g.since AND g.until
        AND (g.role IS NULL OR b.role = g.role)
        AND (
            g.outlet IS NULL
            OR lower(strip_accents(g.outlet)) IN (
                coalesce(a.publisher_id, a.source_id), lower(s.domain), lower(strip_accents(s.name))
            )
        )
    GROUP BY b.role, b.rule_id
    ORDER BY blocks DESC, b.role, b.rule_id
    LIMIT (SELECT given.top FROM given)
)

SELECT
    c.role,
    c.rule_id AS rule,
    c.blocks,
    c.articles,
    x.block_text AS for_example,
    x.article_id AS in_article
FROM cut AS c
JOIN article_blocks AS x
    ON c.latest.article_id = x.article_id AND c.latest.version = x.version AND c.latest.block_no = x.block_no
ORDER BY c.blocks DESC, c.role, rule;

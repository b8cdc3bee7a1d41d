-- What does the snapshot hold, and what of it lies in the period?
WITH period AS (
    SELECT
        sum(article_count)::BIGINT AS articles,
        count(DISTINCT outlet_id) AS outlets,
        count(DISTINCT day) AS days
    FROM mart.outlet_daily
    WHERE day BETWEEN $first AND $last
),

named AS (
    SELECT
        sum(mention_count)::BIGINT AS mentions,
        count(DISTINCT entity_id) AS entities
    FROM rollups.entity_outlet_days
    WHERE day BETWEEN $first AND $last
),

held AS (
    SELECT
        min(fetch_date) AS first_day,
        max(fetch_date) AS last_day
    FROM article_versions
    WHERE version = 1
),

published AS (
    SELECT
        max(published_at) AS published_at,
        max_by(article_count, published_at) AS articles_held,
        max_by(mention_count, published_at) AS mentions_held,
        max_by(entity_count, published_at) AS entities_held
    FROM ops.snapshots
)

SELECT
    p.published_at,
    h.first_day,
    h.last_day,
    p.articles_held,
    p.mentions_held,
    p.entities_held,
    coalesce(i.articles, 0) AS articles,
    i.outlets,
    i.days,
    coalesce(n.mentions, 0) AS mentions,
    n.entities
FROM published AS p
CROSS JOIN held AS h
CROSS JOIN period AS i
CROSS JOIN named AS n;

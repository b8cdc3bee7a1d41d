CREATE OR REPLACE VIEW mart.entity_trend AS
WITH last AS (
    SELECT
        max(day) AS last_day,
        -- Days before the last seven that the baseline has: 28, or what the warehouse has seen.
        least(28, greatest(0, max(day) - 6 - min(day))) AS baseline_days
    FROM rollups.days
),

counted AS (
    SELECT
        d.entity_id,
        l.last_day,
        l.baseline_days,
        coalesce(sum(d.article_count) FILTER (WHERE d.day > l.last_day - 7), 0)::BIGINT AS articles_7d,
        count(DISTINCT d.outlet_id) FILTER (WHERE d.day > l.last_day - 7) AS publishers_7d,
        coalesce(sum(d.article_count) FILTER (WHERE d.day <= l.last_day - 7), 0) * 7 / nullif(l.baseline_days, 0)
            AS usual_articles
    FROM rollups.entity_outlet_days AS d
    CROSS JOIN last AS l
    WHERE d.day > l.last_day - 35
    GROUP BY d.entity_id, l.last_day, l.baseline_days
)

SELECT
    c.entity_id,
    e.name,
    e.entity_type,
    e.country,
    c.last_day,
    c.articles_7d,
    c.publishers_7d,
    c.usual_articles,
    c.articles_7d / nullif(c.usual_articles, 0) AS ratio,
    -- Counts vary as their square roots do: the difference of roots is on one scale for all (Anscombe 1948).
    2 * (sqrt(c.articles_7d + 0.375) - sqrt(c.usual_articles + 0.375)) AS rise,
    t.first_day > c.last_day - 7 AS is_new,
    c.baseline_days
FROM counted AS c
JOIN main.entities AS e ON c.entity_id = e.entity_id
JOIN rollups.entities AS t ON c.entity_id = t.entity_id;

COMMENT ON VIEW mart.entity_trend IS
'One row an entity named in the last 35 days: its last seven days against its own four weeks before. The days end with the last one on which an article was first captured, not with today.';
COMMENT ON COLUMN mart.entity_trend.entity_id IS 'Entity; references entities.';
COMMENT ON COLUMN mart.entity_trend.name IS 'Its name to show. Two entities may have one name.';
COMMENT ON COLUMN mart.entity_trend.entity_type IS 'person, organization, place, nationality or event.';
COMMENT ON COLUMN mart.entity_trend.country IS 'ISO 3166-1 alpha-2 country it belongs to; NULL where unknown.';
COMMENT ON COLUMN mart.entity_trend.last_day IS 'Last of the seven days (UTC): the same in each row.';
COMMENT ON COLUMN mart.entity_trend.articles_7d IS 'Articles first captured in the seven days that name it; 0 where only days before do.';
COMMENT ON COLUMN mart.entity_trend.publishers_7d IS 'Outlets that wrote them.';
COMMENT ON COLUMN mart.entity_trend.usual_articles IS 'Articles a week in the days before (baseline_days); NULL where the warehouse has no day before.';
COMMENT ON COLUMN mart.entity_trend.ratio IS 'articles_7d by usual_articles: 2 is twice as many as usual. NULL where the days before have none.';
COMMENT ON COLUMN mart.entity_trend.rise IS 'How far the seven days lie above what is usual, or below (less than 0), on one scale for the often and the seldom named: beyond 2 or -2 chance alone is unlikely. NULL where the warehouse has no day before.';
COMMENT ON COLUMN mart.entity_trend.is_new IS 'True where nothing in this warehouse named it before the seven days. All are, while it has no older day.';
COMMENT ON COLUMN mart.entity_trend.baseline_days IS 'Days before the seven that usual_articles is made of: 28, fewer while the warehouse is young, 0 at first. The same in each row.';

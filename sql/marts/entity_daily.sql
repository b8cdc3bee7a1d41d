CREATE OR REPLACE VIEW mart.entity_daily AS
SELECT
    d.entity_id,
    e.name,
    e.entity_type,
    e.country,
    d.day,
    d.mention_count,
    d.article_count,
    d.publisher_count,
    d.headline_count
FROM rollups.entity_days AS d
JOIN main.entities AS e ON d.entity_id = e.entity_id;

COMMENT ON VIEW mart.entity_daily IS
'One row an entity and day of first capture: how much of the news names it, and how many publishers wrote that. Days on which nothing names it have no row.';
COMMENT ON COLUMN mart.entity_daily.entity_id IS 'Entity; references entities. Group by it: two entities may have one name.';
COMMENT ON COLUMN mart.entity_daily.name IS 'Its name to show.';
COMMENT ON COLUMN mart.entity_daily.entity_type IS 'person, organization, place, nationality or event.';
COMMENT ON COLUMN mart.entity_daily.country IS 'ISO 3166-1 alpha-2 country it belongs to; NULL where unknown.';
COMMENT ON COLUMN mart.entity_daily.day IS 'Day (UTC) on which the articles were first captured.';
COMMENT ON COLUMN mart.entity_daily.mention_count IS 'Spans that name it in the current versions of these articles.';
COMMENT ON COLUMN mart.entity_daily.article_count IS 'Articles that name it. Each has one day, so that days may be summed.';
COMMENT ON COLUMN mart.entity_daily.publisher_count IS 'Outlets (who wrote it, else who carries it) of these articles. Not to be summed over days: an outlet counts on each.';
COMMENT ON COLUMN mart.entity_daily.headline_count IS 'Of the articles, those whose headline names it.';

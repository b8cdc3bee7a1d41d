CREATE OR REPLACE VIEW mart.dim_entity AS
SELECT
    e.entity_id,
    e.name,
    e.entity_type,
    e.country,
    e.wikidata_id,
    e.origin,
    e.first_seen,
    e.last_seen,
    coalesce(t.mention_count, 0) AS mention_count,
    coalesce(t.article_count, 0) AS article_count,
    coalesce(t.publisher_count, 0) AS publisher_count,
    coalesce(t.headline_count, 0) AS headline_count
FROM main.entities AS e
LEFT JOIN rollups.entities AS t ON e.entity_id = t.entity_id;

COMMENT ON VIEW mart.dim_entity IS
'One row an entity, for BI, with how much of the news names it. Counts are over current articles of all days; 0 where only replaced versions name it.';
COMMENT ON COLUMN mart.dim_entity.entity_id IS 'Entity; references entities.';
COMMENT ON COLUMN mart.dim_entity.name IS 'Name to show. Two entities may have one name.';
COMMENT ON COLUMN mart.dim_entity.entity_type IS 'person, organization, place, nationality or event.';
COMMENT ON COLUMN mart.dim_entity.country IS 'ISO 3166-1 alpha-2 country it belongs to; NULL where unknown.';
COMMENT ON COLUMN mart.dim_entity.wikidata_id IS 'Wikidata item, only where sure.';
COMMENT ON COLUMN mart.dim_entity.origin IS 'catalogue (known before) or local (first met in the news).';
COMMENT ON COLUMN mart.dim_entity.first_seen IS 'Earliest capture of an article that mentions it.';
COMMENT ON COLUMN mart.dim_entity.last_seen IS 'Latest capture of an article version that mentions it.';
COMMENT ON COLUMN mart.dim_entity.mention_count IS 'Spans that name it.';
COMMENT ON COLUMN mart.dim_entity.article_count IS 'Articles that name it.';
COMMENT ON COLUMN mart.dim_entity.publisher_count IS 'Outlets (who wrote it, else who carries it) of these articles.';
COMMENT ON COLUMN mart.dim_entity.headline_count IS 'Of the articles, those whose headline names it.';

CREATE OR REPLACE VIEW mart.entity_outlet AS
SELECT
    o.entity_id,
    e.name,
    e.entity_type,
    e.country,
    o.outlet_id,
    s.name AS outlet,
    o.mention_count,
    o.article_count,
    o.headline_count,
    o.first_day,
    o.last_day,
    o.first_captured
FROM rollups.entity_outlets AS o
JOIN main.entities AS e ON o.entity_id = e.entity_id
LEFT JOIN main.sources AS s ON o.outlet_id = s.source_id;

COMMENT ON VIEW mart.entity_outlet IS
'One row an entity and an outlet that names it: how often, in how many articles and headlines, and since when.';
COMMENT ON COLUMN mart.entity_outlet.entity_id IS 'Entity; references entities. Group by it: two entities may have one name.';
COMMENT ON COLUMN mart.entity_outlet.name IS 'Its name to show.';
COMMENT ON COLUMN mart.entity_outlet.entity_type IS 'person, organization, place, nationality or event.';
COMMENT ON COLUMN mart.entity_outlet.country IS 'ISO 3166-1 alpha-2 country that the entity belongs to; NULL where unknown.';
COMMENT ON COLUMN mart.entity_outlet.outlet_id IS 'Who wrote the articles, else who carries them; references sources.';
COMMENT ON COLUMN mart.entity_outlet.outlet IS 'Name of the outlet; NULL where sources does not have it.';
COMMENT ON COLUMN mart.entity_outlet.mention_count IS 'Spans that name the entity in the outlet''s articles, current versions.';
COMMENT ON COLUMN mart.entity_outlet.article_count IS 'Articles of the outlet that name it.';
COMMENT ON COLUMN mart.entity_outlet.headline_count IS 'Of these, articles whose headline does.';
COMMENT ON COLUMN mart.entity_outlet.first_day IS 'First day (UTC) on which such an article was first captured.';
COMMENT ON COLUMN mart.entity_outlet.last_day IS 'Last day (UTC) on which such an article was first captured.';
COMMENT ON COLUMN mart.entity_outlet.first_captured IS 'When the first of them was first captured, not when the outlet published it. An edit may have added the name later: the question who_named_it_first looks at the versions.';

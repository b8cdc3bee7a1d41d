CREATE OR REPLACE VIEW mart.dim_outlet AS
WITH counted AS (
    SELECT
        coalesce(publisher_id, source_id) AS outlet_id,
        count(*) AS article_count
    FROM main.articles
    GROUP BY coalesce(publisher_id, source_id)
)

SELECT
    coalesce(s.source_id, c.outlet_id) AS outlet_id,
    coalesce(s.name, c.outlet_id) AS name,
    s.domain,
    s.country,
    s.in_language,
    s.source_role,
    s.usage_terms,
    coalesce(c.article_count, 0) AS article_count,
    s.origin
FROM main.sources AS s
FULL JOIN counted AS c ON s.source_id = c.outlet_id;

COMMENT ON VIEW mart.dim_outlet IS
'One row an outlet or collection, for BI, with the articles that it wrote, or carries where nobody else is known to have written them.';
COMMENT ON COLUMN mart.dim_outlet.outlet_id IS 'Short name, stable; the source_id of sources.';
COMMENT ON COLUMN mart.dim_outlet.name IS 'Name as readers know it; the outlet_id where sources does not have it.';
COMMENT ON COLUMN mart.dim_outlet.domain IS 'Registrable domain of its site; NULL where unknown.';
COMMENT ON COLUMN mart.dim_outlet.country IS 'ISO 3166-1 alpha-2 country it is based in; NULL where unknown.';
COMMENT ON COLUMN mart.dim_outlet.in_language IS 'ISO 639-1 code of its main language; NULL where unknown.';
COMMENT ON COLUMN mart.dim_outlet.source_role IS 'publisher, agency, aggregator, broadcaster, government, pictures or social; NULL where unknown.';
COMMENT ON COLUMN mart.dim_outlet.usage_terms IS 'What a person noted of its terms of use; NULL where nothing.';
COMMENT ON COLUMN mart.dim_outlet.article_count IS 'Articles, each at one outlet; 0 for one that only carries what others wrote, or gave nothing.';
COMMENT ON COLUMN mart.dim_outlet.origin IS 'How it is known: configured (sources.yaml), catalogue, or observed on a page; NULL where sources does not have it.';

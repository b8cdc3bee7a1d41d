CREATE OR REPLACE VIEW mart.fct_mention AS
SELECT
    m.mention_id,
    m.entity_id,
    m.article_id,
    m.version,
    coalesce(a.publisher_id, a.source_id) AS outlet_id,
    f.fetch_date AS day,
    (a.date_published AT TIME ZONE 'UTC')::DATE AS published_day,
    a.in_language,
    m.mention_type,
    m.in_headline,
    m.sentence_no,
    m.exact,
    m.role_text,
    m.confidence
FROM main.mentions AS m
JOIN main.articles AS a ON m.article_id = a.article_id AND m.version = a.version
JOIN main.article_versions AS f ON m.article_id = f.article_id AND f.version = 1;

COMMENT ON VIEW mart.fct_mention IS
'One row a mention in a current article, for BI: joins to dim_entity (entity_id), dim_outlet (outlet_id) and dim_date (day). Mentions of replaced versions are in mentions alone.';
COMMENT ON COLUMN mart.fct_mention.mention_id IS 'Mention; references mentions.';
COMMENT ON COLUMN mart.fct_mention.entity_id IS 'Entity; references dim_entity. NULL where the name is open: article_entities says why.';
COMMENT ON COLUMN mart.fct_mention.article_id IS 'Article; references articles. Count it distinct for articles.';
COMMENT ON COLUMN mart.fct_mention.version IS 'Current version of the article, which the mention is in.';
COMMENT ON COLUMN mart.fct_mention.outlet_id IS 'Who wrote the article, else who carries it; references dim_outlet.';
COMMENT ON COLUMN mart.fct_mention.day IS 'Day (UTC) on which the article was first captured; references dim_date.';
COMMENT ON COLUMN mart.fct_mention.published_day IS 'Day (UTC) on which the article says it was published; references dim_date. NULL where it does not say.';
COMMENT ON COLUMN mart.fct_mention.in_language IS 'ISO 639-1 code of the article''s language; NULL where it could not be told.';
COMMENT ON COLUMN mart.fct_mention.mention_type IS 'person, organization, place, nationality or event.';
COMMENT ON COLUMN mart.fct_mention.in_headline IS 'True where it stands in the headline.';
COMMENT ON COLUMN mart.fct_mention.sentence_no IS 'Sentence of the body or headline, from 0.';
COMMENT ON COLUMN mart.fct_mention.exact IS 'The text of the span, as printed.';
COMMENT ON COLUMN mart.fct_mention.role_text IS 'What the article prints the person as, beside this name; NULL where nothing.';
COMMENT ON COLUMN mart.fct_mention.confidence IS 'Share of such spans that are right in span and type on labelled news, 0 to 1; NULL where not measured.';

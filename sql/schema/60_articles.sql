CREATE OR REPLACE VIEW articles AS
SELECT *
FROM article_versions
WHERE valid_to IS NULL;

COMMENT ON VIEW articles IS 'One row an article: its current version.';

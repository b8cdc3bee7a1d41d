-- What marts read as counted tables, counted straight from the mentions each time it is asked for: what a question costs
-- without them. For a database beside the snapshot, which is attached as snapshot.
CREATE OR REPLACE VIEW rollups.days AS
SELECT DISTINCT f.fetch_date AS day, '' AS state
FROM snapshot.main.mentions AS m
JOIN snapshot.main.article_versions AS a ON m.article_id = a.article_id AND m.version = a.version AND a.valid_to IS NULL
JOIN snapshot.main.article_versions AS f ON m.article_id = f.article_id AND f.version = 1;

CREATE OR REPLACE VIEW rollups.entity_outlet_days AS
SELECT
    f.fetch_date AS day,
    m.entity_id,
    coalesce(a.publisher_id, a.source_id) AS outlet_id,
    count(*)::INTEGER AS mention_count,
    count(DISTINCT m.article_id)::INTEGER AS article_count,
    (count(DISTINCT m.article_id) FILTER (WHERE m.in_headline))::INTEGER AS headline_count,
    min(f.valid_from) AS first_captured
FROM snapshot.main.mentions AS m
JOIN snapshot.main.article_versions AS a ON m.article_id = a.article_id AND m.version = a.version AND a.valid_to IS NULL
JOIN snapshot.main.article_versions AS f ON m.article_id = f.article_id AND f.version = 1
WHERE m.entity_id IS NOT NULL
GROUP BY f.fetch_date, m.entity_id, coalesce(a.publisher_id, a.source_id);

CREATE OR REPLACE VIEW rollups.entity_days AS
SELECT
    day,
    entity_id,
    sum(mention_count)::INTEGER AS mention_count,
    sum(article_count)::INTEGER AS article_count,
    sum(headline_count)::INTEGER AS headline_count,
    count(*)::INTEGER AS publisher_count
FROM rollups.entity_outlet_days
GROUP BY day, entity_id;

CREATE OR REPLACE VIEW rollups.entity_outlets AS
SELECT
    entity_id,
    outlet_id,
    sum(mention_count)::BIGINT AS mention_count,
    sum(article_count)::BIGINT AS article_count,
    sum(headline_count)::BIGINT AS headline_count,
    min(day) AS first_day,
    max(day) AS last_day,
    min(first_captured) AS first_captured
FROM rollups.entity_outlet_days
GROUP BY entity_id, outlet_id;

CREATE OR REPLACE VIEW rollups.entities AS
SELECT
    entity_id,
    sum(mention_count)::BIGINT AS mention_count,
    sum(article_count)::BIGINT AS article_count,
    sum(headline_count)::BIGINT AS headline_count,
    count(*) AS publisher_count,
    min(first_day) AS first_day,
    max(last_day) AS last_day
FROM rollups.entity_outlets
GROUP BY entity_id;

CREATE OR REPLACE VIEW rollups.pair_days AS
WITH named AS (
    SELECT DISTINCT f.fetch_date AS day, m.article_id, m.in_headline, m.sentence_no, m.entity_id
    FROM snapshot.main.mentions AS m
    JOIN snapshot.main.article_versions AS a
        ON m.article_id = a.article_id AND m.version = a.version AND a.valid_to IS NULL
    JOIN snapshot.main.article_versions AS f ON m.article_id = f.article_id AND f.version = 1
    WHERE m.entity_id IS NOT NULL
)

SELECT
    l.day,
    l.entity_id AS left_id,
    r.entity_id AS right_id,
    count(*)::INTEGER AS sentence_count,
    count(DISTINCT l.article_id)::INTEGER AS article_count
FROM named AS l
JOIN named AS r
    ON
        l.article_id = r.article_id AND l.in_headline = r.in_headline AND l.sentence_no = r.sentence_no
        AND l.entity_id < r.entity_id
GROUP BY l.day, l.entity_id, r.entity_id;

CREATE OR REPLACE VIEW rollups.pairs AS
SELECT
    left_id,
    right_id,
    sum(sentence_count)::BIGINT AS sentence_count,
    sum(article_count)::BIGINT AS article_count,
    max(day) AS last_day
FROM rollups.pair_days
GROUP BY left_id, right_id;

-- Counts the changed days of one slice (variable: slice) anew.
CREATE OR REPLACE TEMP TABLE days_now AS
SELECT day FROM changed_days WHERE slice = getvariable('slice');

CREATE OR REPLACE TEMP TABLE counted_mentions AS
SELECT c.day, c.outlet_id, c.first_captured, m.article_id, m.entity_id, m.in_headline, m.sentence_no
FROM mentions AS m
JOIN counted_articles AS c ON m.article_id = c.article_id AND m.version = c.version
WHERE m.entity_id IS NOT NULL AND c.day IN (SELECT d.day FROM days_now AS d);

DELETE FROM rollups.entity_outlet_days
WHERE day IN (SELECT d.day FROM days_now AS d);

INSERT INTO rollups.entity_outlet_days BY NAME
SELECT
    day,
    entity_id,
    outlet_id,
    sum(mentions) AS mention_count,
    count(*) AS article_count,
    count(*) FILTER (WHERE in_headline) AS headline_count,
    min(first_captured) AS first_captured
FROM (
    SELECT
        day,
        entity_id,
        outlet_id,
        article_id,
        count(*) AS mentions,
        bool_or(in_headline) AS in_headline,
        any_value(first_captured) AS first_captured
    FROM counted_mentions
    GROUP BY day, entity_id, outlet_id, article_id
) AS by_article
GROUP BY day, entity_id, outlet_id
ORDER BY day, entity_id;

DELETE FROM rollups.entity_days
WHERE day IN (SELECT d.day FROM days_now AS d);

INSERT INTO rollups.entity_days BY NAME
SELECT
    day,
    entity_id,
    sum(mention_count) AS mention_count,
    sum(article_count) AS article_count,
    sum(headline_count) AS headline_count,
    count(*) AS publisher_count
FROM rollups.entity_outlet_days
WHERE day IN (SELECT d.day FROM days_now AS d)
GROUP BY day, entity_id
ORDER BY day, entity_id;

DELETE FROM rollups.pair_days
WHERE day IN (SELECT d.day FROM days_now AS d);

INSERT INTO rollups.pair_days BY NAME
WITH named AS (
    SELECT DISTINCT day, article_id, in_headline, sentence_no, entity_id
    FROM counted_mentions
),

by_article AS (
    SELECT
        l.day,
        l.article_id,
        l.entity_id AS left_id,
        r.entity_id AS right_id,
        count(*) AS sentences
    FROM named AS l
    JOIN named AS r
        ON
            l.article_id = r.article_id AND l.in_headline = r.in_headline AND l.sentence_no = r.sentence_no
            AND l.entity_id < r.entity_id
    GROUP BY ALL
)

SELECT
    day,
    left_id,
    right_id,
    sum(sentences) AS sentence_count,
    count(*) AS article_count
FROM by_article
GROUP BY day, left_id, right_id
ORDER BY day, left_id;

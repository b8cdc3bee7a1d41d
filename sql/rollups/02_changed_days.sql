-- The days whose articles or mentions are not what they were when they were counted, those that are gone included, in
-- slices of some slice_mentions: what is held in memory while they are counted. counted_by: hash of these scripts.
-- A day whose articles name nothing is a day as well: what was captured last must not depend on names.
CREATE OR REPLACE TEMP TABLE changed_days AS
SELECT
    coalesce(n.day, d.day) AS day,
    n.state,
    floor(
        sum(coalesce(n.mentions, 0)) OVER (ORDER BY coalesce(n.day, d.day)) / getvariable('slice_mentions')
    )::INTEGER AS slice
FROM (
    SELECT
        c.day,
        count(m.entity_id) AS mentions,
        concat_ws(
            ' ',
            getvariable('counted_by'),
            count(m.entity_id),
            sum(hash(c.article_state, m.entity_id, m.sentence_no, m.in_headline))
        ) AS state
    FROM counted_articles AS c
    LEFT JOIN mentions AS m
        ON c.article_id = m.article_id AND c.version = m.version AND m.entity_id IS NOT NULL
    GROUP BY c.day
) AS n
FULL JOIN rollups.days AS d ON n.day = d.day
WHERE n.state IS DISTINCT FROM d.state;

-- Whose sums change: what the days held when they were counted; what they hold now is added as they are counted.
CREATE OR REPLACE TEMP TABLE changed_entities AS
SELECT DISTINCT entity_id
FROM rollups.entity_outlet_days
WHERE day IN (SELECT c.day FROM changed_days AS c);

CREATE OR REPLACE TEMP TABLE changed_pairs AS
SELECT DISTINCT left_id, right_id
FROM rollups.pair_days
WHERE day IN (SELECT c.day FROM changed_days AS c);

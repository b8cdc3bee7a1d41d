-- measured -> banded: each source's shares, languages and lengths of a day beside what the days before make plausible.
-- Variable: day. Table: rules (measure, learn_days, needed, days_needed, sigmas, change, expected), a row a measure,
-- from the thresholds of its check.
CREATE OR REPLACE TEMP TABLE past AS
SELECT h.*
FROM ops.source_days AS h
JOIN rules AS r ON h.measure = r.measure
WHERE
    h.day BETWEEN getvariable('day') - r.learn_days AND getvariable('day') - 1
    AND h.value IS NOT NULL AND h.base > 0;

-- A language that was not printed on a day has no row: its share was nothing on every day that had articles.
CREATE OR REPLACE TEMP TABLE past_languages AS
SELECT
    l.source_id,
    l.in_language,
    u.day,
    u.base,
    coalesce(p.value, 0) AS value
FROM (SELECT DISTINCT source_id, in_language FROM past WHERE measure = 'language') AS l
JOIN past AS u ON l.source_id = u.source_id AND u.measure = 'words'
LEFT JOIN past AS p
    ON
        l.source_id = p.source_id AND l.in_language = p.in_language AND u.day = p.day
        AND p.measure = 'language';

CREATE OR REPLACE TEMP TABLE present AS
SELECT source_id, measure, in_language, value, base FROM measured WHERE measure <> 'volume'
UNION ALL
SELECT l.source_id, 'language' AS measure, l.in_language, 0 AS value, m.base
FROM (SELECT DISTINCT source_id, in_language FROM past_languages) AS l
JOIN measured AS m ON l.source_id = m.source_id AND m.measure = 'words'
WHERE
    NOT EXISTS (
        SELECT 1 FROM measured AS x
        WHERE x.source_id = l.source_id AND x.measure = 'language' AND x.in_language = l.in_language
    );

-- The share of all days together, with one case of each kind added (Laplace's rule of succession), so that what never
-- was is not taken for impossible. spread: 1.4826 times the median absolute deviation of the days estimates their
-- standard deviation. often: nine days of ten have less.
CREATE OR REPLACE TEMP TABLE usual_shares AS
WITH daily AS (
    SELECT source_id, measure, NULL::VARCHAR AS in_language, day, value, base FROM past
    WHERE measure <> 'language'
    UNION ALL
    SELECT source_id, 'language' AS measure, in_language, day, value, base FROM past_languages
),

centred AS (
    SELECT *, median(value) OVER (PARTITION BY source_id, measure, in_language) AS centre FROM daily
)

SELECT
    source_id,
    measure,
    in_language,
    count(*) AS days,
    sum(base) AS cases,
    any_value(centre) AS centre,
    (sum(value * base) + 1) / (sum(base) + 2) AS share,
    1.4826 * median(abs(value - centre)) AS spread,
    quantile_cont(value, 0.9) AS often,
    1.4826 * median(abs(ln(greatest(value, 1)) - ln(greatest(centre, 1)))) AS log_spread,
    avg((value = 0)::INTEGER) AS days_without
FROM centred
GROUP BY source_id, measure, in_language;

CREATE OR REPLACE TEMP TABLE banded AS
WITH judged AS (
    SELECT
        p.source_id,
        p.measure,
        p.in_language,
        p.value,
        p.base,
        u.days,
        CASE WHEN p.measure = 'words' THEN u.centre ELSE u.share END AS usual,
        u.days_without,
        u.often,
        u.share + r.sigmas * sqrt(greatest(u.share * (1 - u.share), 0) / p.base + u.spread * u.spread) AS reached,
        u.centre * exp(-greatest(-ln(1 - r.change), r.sigmas * u.log_spread)) AS shortest,
        r.change,
        r.expected,
        r.needed,
        r.days_needed,
        p.base >= r.needed AND u.days >= r.days_needed AND u.cases >= 2 * r.needed AS can_be_told
    FROM present AS p
    JOIN rules AS r ON p.measure = r.measure
    LEFT JOIN usual_shares AS u
        ON p.source_id = u.source_id AND p.measure = u.measure AND p.in_language IS NOT DISTINCT FROM u.in_language
)

SELECT
    source_id,
    getvariable('day') AS day,
    measure,
    in_language,
    value,
    base,
    round(usual, 4) AS usual,
    CASE
        WHEN NOT coalesce(can_be_told, FALSE) THEN NULL
        WHEN measure = 'words' THEN round(shortest, 1)
        -- So many of its articles are usually in the language that one at least must be.
        WHEN measure = 'language' AND days_without <= 0.05 AND usual * base >= expected THEN round(1 / base, 4)
    END AS low,
    CASE
        WHEN coalesce(can_be_told, FALSE) AND measure NOT IN ('words', 'language')
            THEN round(least(greatest(reached, often, usual + change), 1), 4)
    END AS high,
    coalesce(days, 0) AS days_learnt,
    CASE
        WHEN coalesce(days, 0) < days_needed
            THEN format('Still being learnt: {} days before this one; {} are needed.', coalesce(days, 0), days_needed)
        WHEN NOT can_be_told THEN format('Too few to tell: {} on this day; {} are needed.', base, needed)
        WHEN measure = 'words' THEN format('Usually {} words; learnt from {} days.', round(usual)::INTEGER, days)
        ELSE format('Usually {} %; learnt from {} days.', round(100 * usual, 1), days)
    END AS reason
FROM judged;

-- measured -> banded: the volume of each source on a day beside what the days before it make plausible. A source that
-- is silent has a row as well.
-- Variables: day, now, and those of the check's thresholds: learn_days, weekdays_needed, sigmas, share, share_above,
-- lag_hours, steadiness, first_steadiness.

-- Until when each source was asked. A feed's last poll says it while the day lasts; later, a whole day counts for every
-- source of the web if any was asked on it. Nobody says when a folder was looked at: what it gave does, or a run that
-- day.
CREATE OR REPLACE TEMP TABLE asked AS
WITH clock AS (
    SELECT
        getvariable('day')::TIMESTAMPTZ AS begins,
        least(getvariable('now'), getvariable('day')::TIMESTAMPTZ + INTERVAL 1 DAY) AS till
),

web AS (
    SELECT source_id, max(asked_at) AS asked_at
    FROM (
        SELECT source_id, polled_at AS asked_at FROM raw.feeds
        UNION ALL
        SELECT source_id, checked_at AS asked_at FROM raw.pages
    ) AS visits
    WHERE asked_at IS NOT NULL
    GROUP BY source_id
),

-- What it was while the day lasted, where nobody can tell any more.
before AS (
    SELECT source_id, hours FROM ops.source_days
    WHERE day = getvariable('day') AND measure = 'volume'
),

known AS (
    SELECT source_id FROM measured
    UNION
    SELECT source_id FROM ops.source_days
    WHERE
        measure = 'volume' AND value > 0
        AND day BETWEEN getvariable('day') - getvariable('learn_days')::INTEGER AND getvariable('day') - 1
)

SELECT
    k.source_id,
    w.source_id IS NOT NULL AS is_web,
    CASE
        WHEN w.asked_at BETWEEN c.begins AND c.till THEN date_diff('hour', c.begins, w.asked_at)
        WHEN w.asked_at < c.begins THEN 0
        WHEN
            (m.value > 0 AND w.source_id IS NULL)
            OR (
                w.source_id IS NULL AND EXISTS (SELECT 1 FROM measured)
                AND EXISTS (
                    SELECT 1 FROM ops.runs AS r
                    WHERE r.partition_key = getvariable('day') AND r.started_at BETWEEN c.begins AND c.till
                )
            )
            OR (w.source_id IS NOT NULL AND EXISTS (
                SELECT 1 FROM raw.fetches AS f
                WHERE f.fetch_date = getvariable('day') AND f.kind IN ('feed', 'sitemap', 'page')
            ))
            THEN date_diff('hour', c.begins, c.till)
        ELSE coalesce(b.hours, 0)
    END AS hours
FROM known AS k
CROSS JOIN clock AS c
LEFT JOIN web AS w ON k.source_id = w.source_id
LEFT JOIN measured AS m ON k.source_id = m.source_id AND m.measure = 'volume'
LEFT JOIN before AS b ON k.source_id = b.source_id;

-- Days before, those on which a source gave nothing included. Left out: days on which nothing came from anywhere (the
-- machine was off), on which the source was not asked, and its first one, which brings whatever it still lists.
CREATE OR REPLACE TEMP TABLE past AS
WITH learnt AS (
    SELECT source_id, day, value, by_hour, hours
    FROM ops.source_days
    WHERE
        measure = 'volume'
        AND day BETWEEN getvariable('day') - getvariable('learn_days')::INTEGER AND getvariable('day') - 1
),

firsts AS (SELECT source_id, min(day) AS day FROM learnt WHERE value > 0 GROUP BY source_id),

working AS (SELECT DISTINCT day FROM learnt WHERE value > 0)

SELECT
    f.source_id,
    w.day,
    isodow(w.day) AS weekday,
    coalesce(l.value, 0) AS value,
    l.by_hour,
    -- While the day lasts: what had come some hours earlier in the day, since a poll or a delivery may be late.
    CASE
        WHEN a.hours = 24 THEN coalesce(l.value, 0)
        ELSE coalesce(list_sum(l.by_hour[1:greatest(a.hours - getvariable('lag_hours')::INTEGER, 0)]), 0)
    END AS by_now
FROM firsts AS f
JOIN asked AS a ON f.source_id = a.source_id
JOIN working AS w ON f.day < w.day
LEFT JOIN learnt AS l ON f.source_id = l.source_id AND w.day = l.day
WHERE coalesce(l.hours, 24) > 0;

CREATE OR REPLACE TEMP TABLE weekday_usual AS
SELECT source_id, weekday, count(*) AS days, median(value) AS usual, median(by_now) AS usual_by_now
FROM past
GROUP BY source_id, weekday;

-- How far days lie from their weekday's median, beyond what counting alone gives (a count of n has the variance n).
-- 1.2533 times the mean absolute deviation, 1.4826 times the median one estimate a standard deviation; deviations are
-- cut at three times the latter, so that a few bad days do not make all days plausible. 1.1 makes up for medians of few
-- days, the day itself among them (checked by evals/volume_bands.py).
CREATE OR REPLACE TEMP TABLE spread AS
WITH ratios AS (
    SELECT p.source_id, p.day, p.value / u.usual AS ratio, 1 / u.usual AS counting
    FROM past AS p
    JOIN weekday_usual AS u ON p.source_id = u.source_id AND p.weekday = u.weekday
    WHERE u.usual >= 1
),

deviating AS (
    SELECT *, abs(ratio - median(ratio) OVER (PARTITION BY source_id)) AS deviation FROM ratios
),

cut AS (
    SELECT *, least(deviation, 3 * 1.4826 * median(deviation) OVER (PARTITION BY source_id)) AS within FROM deviating
)

SELECT
    source_id,
    greatest(
        sqrt(greatest(pow(1.1 * 1.2533 * avg(within), 2) - avg(counting), 0)),
        CASE
            WHEN count(*) < 14 THEN getvariable('first_steadiness') ELSE getvariable('steadiness')
        END
    ) AS spread,
    -- Where a source stands at present: a lasting change is news for some days, and usual after that.
    coalesce(median(ratio) FILTER (WHERE day >= getvariable('day') - 7), 1) AS latest
FROM cut
GROUP BY source_id;

-- On the scale of square roots a count has the standard deviation 1/2 whatever its size (Bartlett 1936), and the band
-- of a small source does not reach below nothing. 1.57 / days is the variance of a median of days. Medians of single
-- weekdays are drawn to that of the week as far as chance explains how they differ (James and Stein 1961): of a source
-- that has the same days all week, all days are evidence; of one with a quiet Sunday, Sundays are.
CREATE OR REPLACE TEMP TABLE week AS
WITH roots AS (
    SELECT
        source_id,
        avg(days) AS days,
        avg(sqrt(usual)) AS root,
        var_samp(sqrt(usual)) AS differing,
        avg(sqrt(usual_by_now)) AS root_by_now,
        min(usual_by_now) AS quietest_by_now
    FROM weekday_usual
    WHERE days >= 2
    GROUP BY source_id
)

SELECT
    r.source_id,
    r.root,
    r.root_by_now,
    r.quietest_by_now,
    0.25 * s.spread * s.spread AS unrest,
    s.spread,
    CASE WHEN s.latest BETWEEN 0.8 AND 1.25 THEN 1 ELSE s.latest END AS level,
    CASE
        WHEN r.differing = 0 THEN 0
        ELSE greatest(
            1 - (0.25 + 0.25 * s.spread * s.spread * r.root * r.root) * 1.57 / r.days / coalesce(r.differing, 1e9), 0
        )
    END AS own
FROM roots AS r
JOIN spread AS s ON r.source_id = s.source_id;

CREATE OR REPLACE TEMP TABLE volume_bands AS
WITH expected AS (
    SELECT
        a.source_id,
        a.is_web,
        a.hours,
        u.days,
        w.spread,
        w.unrest,
        pow(w.root + w.own * (sqrt(u.usual) - w.root), 2) AS usual,
        pow(w.root_by_now + w.own * (sqrt(u.usual_by_now) - w.root_by_now), 2) * least(w.level, 1) AS below,
        pow(w.root_by_now + w.own * (sqrt(least(u.usual_by_now, w.quietest_by_now)) - w.root_by_now), 2)
        * least(w.level, 1) AS below_quietest,
        pow(w.root + w.own * (sqrt(u.usual) - w.root), 2) * greatest(w.level, 1) AS above,
        getvariable('sigmas') * sqrt(1 + 1.57 / u.days * (w.own + (1 - w.own) / 7)) AS width,
        (SELECT count(*) FROM past AS p WHERE p.source_id = a.source_id) AS days_learnt
    FROM asked AS a
    LEFT JOIN weekday_usual AS u ON a.source_id = u.source_id AND u.weekday = isodow(getvariable('day'))
    LEFT JOIN week AS w ON a.source_id = w.source_id
),

bands AS (
    SELECT
        source_id,
        least(
            pow(greatest(sqrt(below) - width * sqrt(0.25 + unrest * below), 0), 2), below * getvariable('share')
        ) AS low,
        pow(greatest(sqrt(below_quietest) - width * sqrt(0.25 + unrest * below_quietest), 0), 2) AS low_quietest,
        greatest(
            pow(sqrt(above) + width * sqrt(0.25 + unrest * above), 2), above * getvariable('share_above')
        ) AS high
    FROM expected
    WHERE days >= getvariable('weekdays_needed') AND hours > 0
)

SELECT
    x.source_id,
    x.is_web,
    x.hours,
    x.days,
    x.usual,
    x.below,
    x.spread,
    x.days_learnt,
    -- A band that begins below one document says nothing.
    CASE WHEN b.low >= 1 THEN round(b.low, 1) END AS low,
    CASE
        WHEN b.low >= 1 AND b.low_quietest >= 1 AND x.usual >= getvariable('smallest')
            THEN round(least(b.low, b.low_quietest), 1)
    END AS least,
    CASE WHEN x.usual >= getvariable('smallest') THEN round(b.high, 1) END AS high
FROM expected AS x
LEFT JOIN bands AS b ON x.source_id = b.source_id;

-- An hour without a document, in which nine days of ten have five and half of the days ten: where ten are expected,
-- chance leaves out all of them once in 20,000 times. What comes an hour late is not missing.
CREATE OR REPLACE TEMP TABLE gaps AS
WITH hours AS (SELECT unnest(range(24)) AS hour),

hourly AS (
    SELECT
        p.source_id,
        h.hour,
        quantile_disc(coalesce(p.by_hour[h.hour + 1], 0), 0.1) AS least,
        median(coalesce(p.by_hour[h.hour + 1], 0)) AS usual
    FROM past AS p
    CROSS JOIN hours AS h
    GROUP BY p.source_id, h.hour
    HAVING count(*) >= 14
)

SELECT t.source_id, list(t.hour ORDER BY t.hour)::INTEGER[] AS missing_hours
FROM hourly AS t
JOIN hourly AS n ON t.source_id = n.source_id AND n.hour = t.hour + 1
JOIN asked AS a ON t.source_id = a.source_id AND n.hour < a.hours
JOIN measured AS m ON t.source_id = m.source_id AND m.measure = 'volume'
WHERE
    m.by_hour[t.hour + 1] = 0 AND t.least >= 5 AND t.usual >= 10
    AND m.by_hour[n.hour + 1] < 0.75 * (t.usual + n.usual)
GROUP BY t.source_id;

CREATE OR REPLACE TEMP TABLE banded AS
SELECT
    v.source_id,
    getvariable('day') AS day,
    'volume' AS measure,
    NULL::VARCHAR AS in_language,
    coalesce(m.value, 0) AS value,
    coalesce(m.base, 0) AS base,
    coalesce(m.by_hour, [0 FOR h IN range(24)])::INTEGER[] AS by_hour,
    v.hours,
    round(v.usual, 1) AS usual,
    -- Of a folder that is empty nothing was lost, and nobody can tell that it is still looked at.
    v.low,
    v.high,
    CASE WHEN v.is_web OR m.value > 0 THEN v.least END AS least,
    g.missing_hours,
    v.days_learnt,
    CASE
        WHEN v.hours = 0
            THEN 'Nothing came, and nothing says that the source was asked on this day.'
        WHEN coalesce(v.days, 0) < getvariable('weekdays_needed')
            THEN format(
                'Still being learnt: {} days before this one, {} of them a {}; {} are needed.',
                v.days_learnt, coalesce(v.days, 0), dayname(getvariable('day')),
                getvariable('weekdays_needed')::INTEGER
            )
        WHEN v.low IS NULL AND coalesce(v.usual, 0) < getvariable('smallest')
            THEN format(
                'Usually {} on a {}: too few to tell.', round(coalesce(v.usual, 0), 1), dayname(getvariable('day'))
            )
        ELSE format(
            'Usually {} on a {} ({} of them known), give or take {} % besides chance{}{}; learnt from {} days.',
            round(v.usual, 1), dayname(getvariable('day')), v.days, round(100 * v.spread)::INTEGER,
            CASE
                WHEN v.hours < 24 THEN format('; {} of them by now', round(v.below, 1)) ELSE ''
            END,
            CASE
                WHEN v.low IS NOT NULL AND coalesce(v.least, 0) < v.low
                    THEN '; a quieter weekday, and so a holiday, has fewer'
                ELSE ''
            END,
            v.days_learnt
        )
    END AS reason
FROM volume_bands AS v
LEFT JOIN measured AS m ON v.source_id = m.source_id AND m.measure = 'volume'
LEFT JOIN gaps AS g ON v.source_id = g.source_id;

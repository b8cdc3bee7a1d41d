CREATE OR REPLACE VIEW mart.dim_date AS
WITH days AS (
    SELECT unnest(generate_series(min(day), max(day), INTERVAL 1 DAY))::DATE AS day
    FROM (
        SELECT unnest([fetch_date, (date_published AT TIME ZONE 'UTC')::DATE]) AS day FROM main.article_versions
    ) AS dated
)

SELECT
    day,
    year(day) AS year,
    quarter(day) AS quarter,
    month(day) AS month,
    strftime(day, '%Y-%m') AS year_month,
    isoyear(day) AS iso_year,
    weekofyear(day) AS iso_week,
    isodow(day) AS iso_weekday,
    dayname(day) AS weekday,
    isodow(day) >= 6 AS is_weekend,
    date_trunc('week', day)::DATE AS week_start
FROM days;

COMMENT ON VIEW mart.dim_date IS
'One row a day (UTC), from the first to the last on which an article was captured or published, days without any between them included.';
COMMENT ON COLUMN mart.dim_date.day IS 'The day.';
COMMENT ON COLUMN mart.dim_date.year IS 'Calendar year.';
COMMENT ON COLUMN mart.dim_date.quarter IS 'Quarter of the year, 1 to 4.';
COMMENT ON COLUMN mart.dim_date.month IS 'Month of the year, 1 to 12.';
COMMENT ON COLUMN mart.dim_date.year_month IS 'Year and month as text, which sorts: 2026-03.';
COMMENT ON COLUMN mart.dim_date.iso_year IS 'Year that the week belongs to (ISO 8601): around New Year not always the calendar year.';
COMMENT ON COLUMN mart.dim_date.iso_week IS 'Week of iso_year (ISO 8601), 1 to 53.';
COMMENT ON COLUMN mart.dim_date.iso_weekday IS 'Day of the week (ISO 8601): 1 is Monday, 7 Sunday.';
COMMENT ON COLUMN mart.dim_date.weekday IS 'Its English name.';
COMMENT ON COLUMN mart.dim_date.is_weekend IS 'True on Saturday and Sunday.';
COMMENT ON COLUMN mart.dim_date.week_start IS 'Monday of the week.';

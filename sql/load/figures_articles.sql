-- Article versions of a day, and what of the day's captures is held in quarantine. Parameter: day.
WITH held AS (
    SELECT
        (
            SELECT count(DISTINCT fetch_id)
            FROM ops.quarantine
            WHERE fetch_date = $day AND resolved_at IS NULL AND effect = 'held'
        ) AS captures,
        (SELECT count(*) FROM raw.fetches WHERE fetch_date = $day AND outcome = 'captured') AS captured
),

versions AS (
    SELECT
        count(*) AS rows,
        count(*) FILTER (WHERE version > 1) AS later_versions,
        coalesce(sum(word_count), 0) AS words,
        count(*) FILTER (WHERE headline IS NULL) / nullif(count(*), 0) AS null_share_headline,
        count(*) FILTER (WHERE date_published IS NULL) / nullif(count(*), 0) AS null_share_date_published,
        count(*) FILTER (WHERE coalesce(len(authors), 0) = 0) / nullif(count(*), 0) AS null_share_authors,
        count(*) FILTER (WHERE in_language IS NULL) / nullif(count(*), 0) AS null_share_in_language,
        concat(
            count(*), '-',
            bit_xor(md5_number_lower(concat_ws('|', article_id, version, content_sha256, epoch(valid_to))))
        ) AS state
    FROM article_versions
    WHERE fetch_date = $day
)

SELECT
    v.* EXCLUDE (state),
    h.captures AS held,
    h.captures / nullif(h.captured, 0) AS share_held,
    v.state
FROM versions AS v
CROSS JOIN held AS h;

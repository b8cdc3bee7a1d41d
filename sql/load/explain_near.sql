-- Articles and captures that resemble what a person asked for, the likest first: by id, by address, by the words of a
-- headline. Parameters: $needle.
WITH places AS (
    SELECT
        f.fetch_id,
        coalesce(e.article_id, v.article_id) AS article_id,
        coalesce(f.final_uri, f.target_uri, f.location) AS place,
        v.headline,
        f.fetched_at
    FROM raw.fetches AS f
    LEFT JOIN ops.extractions AS e ON f.fetch_id = e.fetch_id
    LEFT JOIN article_versions AS v ON f.fetch_id = v.fetch_id
),

scored AS (
    SELECT
        p.*,
        greatest(
            CASE WHEN length(p.article_id) = length($needle) THEN jaro_winkler_similarity(p.article_id, $needle) END,
            CASE WHEN length(p.fetch_id) = length($needle) THEN jaro_winkler_similarity(p.fetch_id, $needle) END,
            jaro_winkler_similarity(left(p.article_id, length($needle)), $needle) - 0.05,
            jaro_winkler_similarity(p.place, $needle),
            CASE WHEN length($needle) >= 3 AND contains(lower(p.headline), lower($needle)) THEN 1 END,
            CASE WHEN length($needle) >= 3 AND contains(lower(p.place), lower($needle)) THEN 1 END
        ) AS likeness
    FROM places AS p
)

SELECT
    coalesce(s.article_id, s.fetch_id) AS id,
    max_by(s.place, s.fetched_at) AS place,
    max_by(s.headline, s.fetched_at) AS headline
FROM scored AS s
WHERE s.likeness >= 0.8
GROUP BY ALL
ORDER BY max(s.likeness) DESC, id;

CREATE OR REPLACE VIEW mart.source_quality AS
WITH judged AS (
    SELECT
        *,
        CASE
            WHEN value < least THEN 'lost'
            WHEN measure = 'language' AND value < low THEN 'gone'
            WHEN value < low THEN 'low'
            WHEN value > high THEN 'high'
            WHEN low IS NULL AND high IS NULL THEN 'not judged'
            ELSE 'as usual'
        END AS status
    FROM ops.source_days
),

wide AS (
    SELECT
        source_id,
        day,
        any_value(value) FILTER (WHERE measure = 'volume') AS documents,
        any_value(usual) FILTER (WHERE measure = 'volume') AS usual_documents,
        any_value(least) FILTER (WHERE measure = 'volume') AS least_documents,
        any_value(low) FILTER (WHERE measure = 'volume') AS low_documents,
        any_value(high) FILTER (WHERE measure = 'volume') AS high_documents,
        any_value(status) FILTER (WHERE measure = 'volume') AS volume_status,
        any_value(reason) FILTER (WHERE measure = 'volume') AS volume_reason,
        any_value(hours) FILTER (WHERE measure = 'volume') AS hours,
        any_value(missing_hours) FILTER (WHERE measure = 'volume') AS missing_hours,
        any_value(base) FILTER (WHERE measure = 'words') AS articles,
        any_value(value) FILTER (WHERE measure = 'words') AS median_words,
        any_value(status) FILTER (WHERE measure = 'words') AS words_status,
        any_value(value) FILTER (WHERE measure = 'quarantined') AS quarantined_share,
        any_value(status) FILTER (WHERE measure = 'quarantined') AS quarantined_status,
        any_value(value) FILTER (WHERE measure = 'undated') AS undated_share,
        any_value(status) FILTER (WHERE measure = 'undated') AS undated_status,
        any_value(value) FILTER (WHERE measure = 'unlinked') AS unlinked_share,
        any_value(status) FILTER (WHERE measure = 'unlinked') AS unlinked_status,
        any_value(value) FILTER (WHERE measure = 'new_entities') AS new_entity_share,
        any_value(status) FILTER (WHERE measure = 'new_entities') AS new_entity_status,
        any_value(base) FILTER (WHERE measure = 'failed_requests') AS requests,
        any_value(value) FILTER (WHERE measure = 'failed_requests') AS failed_share,
        any_value(status) FILTER (WHERE measure = 'failed_requests') AS failed_status,
        list(in_language ORDER BY value DESC, in_language)
        FILTER (WHERE measure = 'language' AND value > 0) AS languages,
        list(in_language ORDER BY in_language) FILTER (WHERE status = 'gone') AS languages_gone,
        list(DISTINCT measure ORDER BY measure) FILTER (WHERE status NOT IN ('as usual', 'not judged')) AS unusual
    FROM judged
    GROUP BY source_id, day
)

SELECT
    w.source_id,
    s.name,
    w.* EXCLUDE (source_id)
FROM wide AS w
LEFT JOIN main.sources AS s ON w.source_id = s.source_id;

COMMENT ON VIEW mart.source_quality IS
'One row a source and day of capture, silent days of known sources included: what it gave, the band that its own days before make plausible, shares and how they compare. unusual lists what lies outside.';
COMMENT ON COLUMN mart.source_quality.source_id IS 'Source that the pages were captured through; references sources.';
COMMENT ON COLUMN mart.source_quality.name IS 'Name of the source.';
COMMENT ON COLUMN mart.source_quality.day IS 'Day (UTC) of capture.';
COMMENT ON COLUMN mart.source_quality.documents IS 'Documents that the source had not given before.';
COMMENT ON COLUMN mart.source_quality.usual_documents IS 'As many as the days before let expect; NULL while there are too few.';
COMMENT ON COLUMN mart.source_quality.least_documents IS 'Below it something is lost: the source gives more even on its quietest weekday; NULL where that cannot be told.';
COMMENT ON COLUMN mart.source_quality.low_documents IS 'Below it the number is unusual; NULL where that cannot be told.';
COMMENT ON COLUMN mart.source_quality.high_documents IS 'Above it the number is unusual; NULL where that cannot be told.';
COMMENT ON COLUMN mart.source_quality.volume_status IS 'as usual, low, high, lost (below least_documents) or not judged (still being learnt, or too few to tell).';
COMMENT ON COLUMN mart.source_quality.volume_reason IS 'Why the band is what it is, or why there is none, in words.';
COMMENT ON COLUMN mart.source_quality.hours IS 'Hours of the day in which the source was asked and which are over: 24 for a whole day, 0 where it was not asked.';
COMMENT ON COLUMN mart.source_quality.missing_hours IS 'Hours without a document in which the source always has some, and whose documents did not come in the hour after.';
COMMENT ON COLUMN mart.source_quality.articles IS 'Articles of the day.';
COMMENT ON COLUMN mart.source_quality.median_words IS 'Median of their words; NULL where there are none.';
COMMENT ON COLUMN mart.source_quality.words_status IS 'Whether that is as usual, low or high, or not judged.';
COMMENT ON COLUMN mart.source_quality.quarantined_share IS 'Of the day''s documents, the share held in quarantine, 0 to 1.';
COMMENT ON COLUMN mart.source_quality.quarantined_status IS 'Whether that is as usual, low or high, or not judged.';
COMMENT ON COLUMN mart.source_quality.undated_share IS 'Of the day''s articles, the share without a date of publication, 0 to 1.';
COMMENT ON COLUMN mart.source_quality.undated_status IS 'Whether that is as usual, low or high, or not judged.';
COMMENT ON COLUMN mart.source_quality.unlinked_share IS 'Of the mentions in its articles, the share whose entity is open, 0 to 1.';
COMMENT ON COLUMN mart.source_quality.unlinked_status IS 'Whether that is as usual, low or high, or not judged.';
COMMENT ON COLUMN mart.source_quality.new_entity_share IS 'Of the entities that its articles name, the share not seen before, 0 to 1.';
COMMENT ON COLUMN mart.source_quality.new_entity_status IS 'Whether that is as usual, low or high, or not judged.';
COMMENT ON COLUMN mart.source_quality.requests IS 'Requests made on the web; NULL or 0 for a source of files.';
COMMENT ON COLUMN mart.source_quality.failed_share IS 'Of the requests, the share that failed, 0 to 1.';
COMMENT ON COLUMN mart.source_quality.failed_status IS 'Whether that is as usual, low or high, or not judged.';
COMMENT ON COLUMN mart.source_quality.languages IS 'ISO 639-1 codes of the articles'' languages, the most frequent first.';
COMMENT ON COLUMN mart.source_quality.languages_gone IS 'Languages that the source usually has and that the day lacks; NULL where none.';
COMMENT ON COLUMN mart.source_quality.unusual IS 'Measures that lie outside their band; NULL where none does.';

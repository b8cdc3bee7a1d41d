CREATE OR REPLACE VIEW mart.article_changes AS
SELECT
    v.article_id,
    v.version,
    v.url,
    coalesce(v.publisher_id, v.source_id) AS outlet_id,
    v.change_kind,
    v.valid_from AS changed_at,
    v.valid_from - former.valid_from AS after_time,
    former.headline AS headline_before,
    v.headline AS headline_after,
    (v.headline IS DISTINCT FROM former.headline) AS headline_changed,
    (v.body_sha256 IS DISTINCT FROM former.body_sha256) AS body_changed,
    (v.date_published IS DISTINCT FROM former.date_published) AS date_changed,
    (v.authors IS DISTINCT FROM former.authors) AS authors_changed,
    former.word_count AS words_before,
    v.word_count AS words_after,
    (epoch(v.valid_from) - epoch(former.valid_from)) / 3600 AS after_hours
FROM main.article_versions AS v
JOIN main.article_versions AS former ON v.article_id = former.article_id AND v.version = former.version + 1;

COMMENT ON VIEW mart.article_changes IS
'One row a version of an article that replaced another: who changed it (change_kind), when, and what. What differs is what a reader sees; an outlet''s own edits have change_kind publisher_edit.';
COMMENT ON COLUMN mart.article_changes.article_id IS 'Article; with version references article_versions.';
COMMENT ON COLUMN mart.article_changes.version IS 'The version that replaced the one before it: 2 or higher.';
COMMENT ON COLUMN mart.article_changes.url IS 'Address that the version was captured at.';
COMMENT ON COLUMN mart.article_changes.outlet_id IS 'Who wrote this version, else who carries it; references sources.';
COMMENT ON COLUMN mart.article_changes.change_kind IS 'publisher_edit (they changed it), re_extraction (we changed it), manual_fix or takedown.';
COMMENT ON COLUMN mart.article_changes.changed_at IS 'When the version was first captured: the change lies between the capture before and this one.';
COMMENT ON COLUMN mart.article_changes.after_time IS 'Time between the first captures of the two versions.';
COMMENT ON COLUMN mart.article_changes.headline_before IS 'Headline of the version before; NULL where it has none.';
COMMENT ON COLUMN mart.article_changes.headline_after IS 'Headline of this version; NULL where it has none.';
COMMENT ON COLUMN mart.article_changes.headline_changed IS 'True where the two differ.';
COMMENT ON COLUMN mart.article_changes.body_changed IS 'True where the text differs.';
COMMENT ON COLUMN mart.article_changes.date_changed IS 'True where the stated date of publication differs, or is there in one only.';
COMMENT ON COLUMN mart.article_changes.authors_changed IS 'True where the list of authors differs.';
COMMENT ON COLUMN mart.article_changes.words_before IS 'Words of the version before (characters for scripts without spaces).';
COMMENT ON COLUMN mart.article_changes.words_after IS 'Words of this version.';
COMMENT ON COLUMN mart.article_changes.after_hours IS 'after_time as hours, for tools without intervals.';

-- The version of newsledger that wrote the file last.
SELECT regexp_extract(code_version, '^newsledger ([^; ]+)', 1) AS version
FROM ops.runs
ORDER BY started_at DESC
LIMIT 1;

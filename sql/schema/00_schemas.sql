-- Analysts' tables live in main, so that no query needs a prefix.
-- raw: what was captured, as it arrived.
CREATE SCHEMA IF NOT EXISTS raw;
-- staging: work in progress of one run; empty in every published snapshot.
CREATE SCHEMA IF NOT EXISTS staging;
-- ops: what the pipeline did, its check results, the quarantine, the fate of each capture.
CREATE SCHEMA IF NOT EXISTS ops;
-- mart: views and rollups for analysts and BI tools.
CREATE SCHEMA IF NOT EXISTS mart;
-- rollups: counts that marts read, kept up to date day by day.
CREATE SCHEMA IF NOT EXISTS rollups;
-- search: the index that newsledger search and SQL look words up in.
CREATE SCHEMA IF NOT EXISTS search;

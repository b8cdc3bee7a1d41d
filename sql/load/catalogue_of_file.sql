-- Tables, views and columns of the open file: mart.data_dictionary as of now, whatever version made the file.
WITH named AS (
    SELECT
        schema_name,
        table_name,
        'table' AS kind,
        comment
    FROM duckdb_tables()
    WHERE database_name = current_database() AND NOT internal AND NOT temporary
    UNION ALL
    SELECT
        schema_name,
        view_name AS table_name,
        'view' AS kind,
        comment
    FROM duckdb_views()
    WHERE database_name = current_database() AND NOT internal AND NOT temporary
)

SELECT
    CASE WHEN n.schema_name = 'main' THEN '' ELSE concat(n.schema_name, '.') END || n.table_name AS table_name,
    n.kind AS table_kind,
    coalesce(n.comment, '') AS one_row_is,
    c.column_name,
    c.data_type,
    CASE WHEN n.kind = 'table' THEN c.is_nullable END AS is_nullable,
    coalesce(c.comment, '') AS description
FROM named AS n
JOIN duckdb_columns() AS c
    ON c.database_name = current_database() AND n.schema_name = c.schema_name AND n.table_name = c.table_name
ORDER BY n.schema_name <> 'main', n.schema_name, n.table_name, c.column_index;

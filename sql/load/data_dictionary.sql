-- Tables, views and columns of the warehouse with their comments.
DELETE FROM mart.data_dictionary;

INSERT INTO mart.data_dictionary BY NAME
WITH named AS (
    SELECT schema_name, table_name, 'table' AS table_kind, comment FROM duckdb_tables()
    WHERE database_name = current_database() AND NOT internal AND NOT temporary
    UNION ALL
    SELECT schema_name, view_name AS table_name, 'view' AS table_kind, comment FROM duckdb_views()
    WHERE database_name = current_database() AND NOT internal AND NOT temporary
),

described AS (
    SELECT
        schema_name, table_name, table_kind, NULL AS column_name, NULL AS position, NULL AS data_type,
        NULL AS is_nullable, comment
    FROM named
    UNION ALL
    SELECT
        n.schema_name, n.table_name, n.table_kind, c.column_name, c.column_index AS position, c.data_type,
        CASE WHEN n.table_kind = 'table' THEN c.is_nullable END AS is_nullable, c.comment
    FROM named AS n
    JOIN duckdb_columns() AS c
        ON c.database_name = current_database() AND n.schema_name = c.schema_name AND n.table_name = c.table_name
)

SELECT
    CASE WHEN schema_name <> 'main' THEN schema_name || '.' ELSE '' END || table_name AS table_name,
    table_kind,
    column_name,
    position,
    data_type,
    is_nullable,
    coalesce(comment, '') AS description
FROM described
ORDER BY table_name, position NULLS FIRST;

CREATE TABLE IF NOT EXISTS mart.data_dictionary (
    table_name VARCHAR NOT NULL,
    table_kind VARCHAR NOT NULL,
    column_name VARCHAR,
    position INTEGER,
    data_type VARCHAR,
    is_nullable BOOLEAN,
    description VARCHAR NOT NULL
);

COMMENT ON TABLE mart.data_dictionary IS 'One row a table or view (column_name NULL), and one each of its columns: what it means.';
COMMENT ON COLUMN mart.data_dictionary.table_name IS 'As queries name it: articles, mart.entity_daily.';
COMMENT ON COLUMN mart.data_dictionary.table_kind IS 'table or view.';
COMMENT ON COLUMN mart.data_dictionary.column_name IS 'Column; NULL for the table itself, which comes first.';
COMMENT ON COLUMN mart.data_dictionary.position IS 'Place of the column in the table, from 1; NULL for the table itself.';
COMMENT ON COLUMN mart.data_dictionary.data_type IS 'DuckDB type of the column.';
COMMENT ON COLUMN mart.data_dictionary.is_nullable IS 'False where the column always has a value; NULL for views, whose columns do not say.';
COMMENT ON COLUMN mart.data_dictionary.description IS 'What the column holds; for a table, what one row is.';

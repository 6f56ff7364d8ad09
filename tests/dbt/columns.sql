-- The columns of all relations but late-binding views, with type, distribution, sort key and encoding.
-- Parameter schemas: their names as literals. Follows r_SVV_REDSHIFT_COLUMNS.
SELECT 'column', schema_name || '.' || table_name || '.' || column_name,
    data_type, is_nullable, distkey, sortkey, encoding
FROM svv_redshift_columns
WHERE schema_name IN (:schemas) AND LEFT(table_name, 8) <> 'mv_tbl__';

-- Columns of permanent tables in their order, with type, default and physical attributes.
-- Needs: nothing beyond seeing the tables.
-- AWS: PG_ATTRIBUTE, PG_ATTRDEF (c_intro_catalog_views, leader node) with Redshift's attisdistkey, attsortkeyord
-- (negative in an interleaved key) and attencodingtype, which format_encoding() names (PG_TABLE_DEF).
-- Redshift's own columns, padb_internal_…, are no table's: those of a key of several dimensions, which the preview of
-- t_Sorting_mutidimensional-sort-key named so.
-- The default of an identity column reads "identity"(table, column, 'seed,step').
SELECT
    n.nspname,
    c.relname,
    a.attnum,
    a.attname,
    FORMAT_TYPE(a.atttypid, a.atttypmod) AS data_type,
    a.attnotnull,
    d.adsrc AS default_expression,
    FORMAT_ENCODING(a.attencodingtype::INTEGER) AS encoding,
    a.attisdistkey,
    a.attsortkeyord
FROM pg_attribute AS a
JOIN pg_class AS c ON c.oid = a.attrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relkind = 'r'
    AND a.attnum > 0
    AND NOT a.attisdropped
    AND a.attname !~ '^padb_internal_'
    AND n.nspname !~ '^pg_'
    AND n.nspname <> 'information_schema'
ORDER BY n.nspname, c.relname, a.attnum;

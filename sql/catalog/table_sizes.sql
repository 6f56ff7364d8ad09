-- What tables take on disk, in blocks of 1 MB, and how many rows they have: which tables to move first, and in files of which size.
-- Needs: superuser.
-- AWS: SVV_TABLE_INFO (r_SVV_TABLE_INFO), which leaves out tables without rows. tbl_rows counts deleted rows, too.
SELECT
    "schema",
    "table",
    CAST(size AS BIGINT) AS megabytes,
    CAST(tbl_rows AS BIGINT) AS row_count
FROM svv_table_info
ORDER BY "schema", "table";

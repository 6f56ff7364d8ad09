-- Which tables leave their sort key or their encodings to Redshift: sortkey1 then reads AUTO(SORTKEY…), encoded holds
-- AUTO(ENCODE). And how large they are, in blocks of 1 MB.
-- Parameters: the tenant's schemas, in place of 'tenant_schema'.
-- Needs: superuser.
-- AWS: SVV_TABLE_INFO (r_SVV_TABLE_INFO), which leaves out tables without rows.
SELECT
    "schema",
    "table",
    sortkey1,
    encoded,
    size
FROM svv_table_info
WHERE "schema" IN ('tenant_schema')
ORDER BY "schema", "table";

-- Relations of the connected database whose row-level security is on, or was.
-- Needs: superuser or the role sys:secadmin, else no row is there.
-- AWS: SVV_RLS_RELATION. The conjunction type is and or or, padded CHAR(3).
SELECT
    relschema,
    relname,
    is_rls_on,
    rls_conjunction_type
FROM svv_rls_relation
WHERE datname = CURRENT_DATABASE()
ORDER BY relschema, relname;

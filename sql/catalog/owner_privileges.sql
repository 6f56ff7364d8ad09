-- Privileges of owners on what they own, where anything was granted or revoked: the whole access control list as text. An owner can
-- take ordinary privileges from itself (r_Privileges), and no SVV view tells. Without a list an owner has all of them; superusers do
-- whatever the list says.
-- Needs: nothing.
-- AWS: PG_CLASS, PG_NAMESPACE, PG_PROC_INFO and PG_USER (c_intro_catalog_views, leader node). The form of a list and its letters, with
-- ARRAY_TO_STRING: amazon-redshift-utils, v_generate_user_grant_revoke_ddl.
SELECT
    'relation' AS object_type,
    n.nspname,
    c.relname AS object_name,
    '' AS argument_types,
    u.usename AS owner,
    ARRAY_TO_STRING(c.relacl, ',') AS acl
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_user AS u ON u.usesysid = c.relowner
WHERE c.relkind IN ('r', 'v')
    AND c.relacl IS NOT NULL
    AND NOT u.usesuper
    AND n.nspname !~ '^pg_'
    AND n.nspname <> 'information_schema'
UNION ALL
SELECT 'schema', n.nspname, n.nspname, '', u.usename, ARRAY_TO_STRING(n.nspacl, ',')
FROM pg_namespace AS n
JOIN pg_user AS u ON u.usesysid = n.nspowner
WHERE n.nspacl IS NOT NULL
    AND NOT u.usesuper
    AND n.nspname !~ '^pg_'
    AND n.nspname <> 'information_schema'
UNION ALL
SELECT 'routine', n.nspname, p.proname, OIDVECTORTYPES(p.proargtypes), u.usename, ARRAY_TO_STRING(p.proacl, ',')
FROM pg_proc_info AS p
JOIN pg_namespace AS n ON n.oid = p.pronamespace
JOIN pg_user AS u ON u.usesysid = p.proowner
WHERE p.proacl IS NOT NULL
    AND NOT u.usesuper
    AND n.nspname !~ '^pg_'
    AND n.nspname <> 'information_schema'
ORDER BY object_type, nspname, object_name, argument_types;

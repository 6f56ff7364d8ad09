-- Permissions that PostgreSQL has no place for, and the defaults of procedures.
SELECT
    CASE
        WHEN i.name = 'public' THEN 'PUBLIC'
        WHEN i.type = 'user' THEN 'user ' || i.name
        ELSE i.type || ' ' || i.name
    END AS object,
    concat_ws(' ', p.privilege, 'by scope', p.scope,
        CASE WHEN p.scope = 'DATABASE' THEN d.datname ELSE coalesce(n.nspname, d.datname) END,
        nullif(p.iam_role, ''), CASE WHEN p.admin_option THEN 'with admin option' END) AS fact
FROM redshift_catalog.rs_permission p
JOIN redshift_catalog.rs_every_identity i ON i.role = p.grantee
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = p.object
LEFT JOIN pg_catalog.pg_database d ON d.oid = p.object
UNION ALL
SELECT
    'default privileges of ' || pg_catalog.pg_get_userbyid(p.owner),
    concat_ws(' ', 'EXECUTE on procedures in', coalesce(n.nspname, 'any schema'), 'to', i.type, i.name,
        CASE WHEN p.admin_option THEN 'with admin option' END)
FROM redshift_catalog.rs_default_procedure p
JOIN redshift_catalog.rs_every_identity i ON i.role = p.grantee
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = p.namespace;

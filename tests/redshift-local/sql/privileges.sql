-- SVV_*_PRIVILEGES: what was granted, a row for each privilege and identity. The owner's own rights on an object are not granted, and so
-- not listed. Names are found by joins, so that ten thousand grants are read in a moment.
SET search_path = redshift_catalog, pg_catalog;

CREATE VIEW redshift_catalog.rs_user_schema AS
SELECT n.oid, n.nspname, n.nspowner, n.nspacl
FROM pg_catalog.pg_namespace n
WHERE n.nspname NOT IN ('redshift_catalog', 'pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%';

-- r_SVV_RELATION_PRIVILEGES
CREATE VIEW redshift_catalog.svv_relation_privileges AS
SELECT
    n.nspname::text AS namespace_name,
    c.relname::text AS relation_name,
    redshift_catalog.rs_privilege(x.privilege_type) AS privilege_type,
    i.id AS identity_id,
    i.name AS identity_name,
    i.type AS identity_type,
    x.is_grantable AS admin_option
FROM pg_catalog.pg_class c
JOIN redshift_catalog.rs_user_schema n ON n.oid = c.relnamespace
CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) x
JOIN redshift_catalog.rs_identity i ON i.role = x.grantee
WHERE c.relkind IN ('r', 'v', 'm') AND x.grantee <> c.relowner;

-- r_SVV_COLUMN_PRIVILEGES. Granted to who holds it on the table, a privilege on a column has no effect (r_GRANT-usage-notes-clp).
CREATE VIEW redshift_catalog.svv_column_privileges AS
SELECT
    n.nspname::text AS namespace_name,
    c.relname::text AS relation_name,
    a.attname::text AS column_name,
    x.privilege_type::text AS privilege_type,
    i.id AS identity_id,
    i.name AS identity_name,
    i.type AS identity_type
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN redshift_catalog.rs_user_schema n ON n.oid = c.relnamespace
CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) x
JOIN redshift_catalog.rs_identity i ON i.role = x.grantee
WHERE a.attacl IS NOT NULL AND x.grantee <> c.relowner AND NOT EXISTS (
    SELECT FROM pg_catalog.aclexplode(c.relacl) t WHERE t.grantee = x.grantee AND t.privilege_type = x.privilege_type
);

-- r_SVV_SCHEMA_PRIVILEGES. A privilege_scope other than SCHEMA: a scoped permission (t_scoped-permissions).
CREATE VIEW redshift_catalog.svv_schema_privileges AS
SELECT
    granted.namespace_name,
    granted.privilege_type,
    i.id AS identity_id,
    i.name AS identity_name,
    i.type AS identity_type,
    granted.admin_option,
    granted.privilege_scope
FROM (
    SELECT n.nspname::text AS namespace_name, x.privilege_type::text AS privilege_type, x.grantee, x.is_grantable AS admin_option,
        'SCHEMA'::text AS privilege_scope
    FROM redshift_catalog.rs_user_schema n
    CROSS JOIN LATERAL pg_catalog.aclexplode(n.nspacl) x
    WHERE x.grantee <> n.nspowner
    UNION ALL
    SELECT n.nspname::text, p.privilege, p.grantee, p.admin_option, p.scope
    FROM redshift_catalog.rs_permission p
    JOIN redshift_catalog.rs_user_schema n ON n.oid = p.object
) granted
JOIN redshift_catalog.rs_identity i ON i.role = granted.grantee;

-- r_SVV_DATABASE_PRIVILEGES: TEMP to PUBLIC is there from the start. A privilege_scope other than DATABASE: a scoped permission.
CREATE VIEW redshift_catalog.svv_database_privileges AS
SELECT
    granted.database_name,
    granted.privilege_type,
    i.id AS identity_id,
    i.name AS identity_name,
    i.type AS identity_type,
    granted.admin_option,
    granted.privilege_scope
FROM (
    SELECT d.datname::text AS database_name, redshift_catalog.rs_privilege(x.privilege_type) AS privilege_type, x.grantee,
        x.is_grantable AS admin_option, 'DATABASE'::text AS privilege_scope
    FROM pg_catalog.pg_database d
    CROSS JOIN LATERAL pg_catalog.aclexplode(coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) x
    WHERE NOT d.datistemplate AND x.privilege_type <> 'CONNECT' AND x.grantee <> d.datdba
    UNION ALL
    SELECT d.datname::text, p.privilege, p.grantee, p.admin_option, p.scope
    FROM redshift_catalog.rs_permission p
    JOIN pg_catalog.pg_database d ON d.oid = p.object
) granted
JOIN redshift_catalog.rs_identity i ON i.role = granted.grantee;

-- r_SVV_FUNCTION_PRIVILEGES: functions and procedures.
CREATE VIEW redshift_catalog.svv_function_privileges AS
SELECT
    n.nspname::text AS namespace_name,
    p.proname::text AS function_name,
    redshift_catalog.oidvectortypes(p.proargtypes) AS argument_types,
    x.privilege_type::text AS privilege_type,
    i.id AS identity_id,
    i.name AS identity_name,
    i.type AS identity_type,
    x.is_grantable AS admin_option
FROM pg_catalog.pg_proc p
JOIN redshift_catalog.rs_user_schema n ON n.oid = p.pronamespace
CROSS JOIN LATERAL pg_catalog.aclexplode(p.proacl) x
JOIN redshift_catalog.rs_identity i ON i.role = x.grantee
WHERE x.grantee <> p.proowner;

-- r_SVV_LANGUAGE_PRIVILEGES
CREATE VIEW redshift_catalog.svv_language_privileges AS
SELECT
    l.lanname::text AS language_name,
    x.privilege_type::text AS privilege_type,
    i.id AS identity_id,
    i.name AS identity_name,
    i.type AS identity_type,
    x.is_grantable AS admin_option
FROM pg_catalog.pg_language l
CROSS JOIN LATERAL pg_catalog.aclexplode(l.lanacl) x
JOIN redshift_catalog.rs_identity i ON i.role = x.grantee
WHERE x.grantee <> l.lanowner;

-- r_SVV_IAM_PRIVILEGES. EXFUNC is EXTERNAL FUNCTION (the page's example).
CREATE VIEW redshift_catalog.svv_iam_privileges AS
SELECT p.iam_role AS iam_arn, p.privilege AS command_type, i.id AS identity_id, i.name AS identity_name, i.type AS identity_type
FROM redshift_catalog.rs_permission p
JOIN redshift_catalog.rs_identity i ON i.role = p.grantee
WHERE p.scope = 'ASSUMEROLE';

-- SVV_*_PRIVILEGES: explicit grants, one row a privilege and identity.
SET search_path = redshift_catalog, pg_catalog;

-- r_SVV_RELATION_PRIVILEGES
CREATE VIEW redshift_catalog.svv_relation_privileges AS
SELECT
    n.nspname::text AS namespace_name,
    c.relname::text AS relation_name,
    redshift_catalog.rs_privilege(x.privilege_type) AS privilege_type,
    redshift_catalog.rs_user_id(x.grantee) AS identity_id,
    redshift_catalog.rs_identity_name(x.grantee) AS identity_name,
    redshift_catalog.rs_identity_type(x.grantee) AS identity_type,
    x.is_grantable AS admin_option
FROM pg_catalog.pg_class c
JOIN redshift_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) x
WHERE c.relkind IN ('r', 'v', 'm') AND n.nspname <> 'pg_catalog' AND n.nspname <> 'information_schema';

-- r_SVV_COLUMN_PRIVILEGES
CREATE VIEW redshift_catalog.svv_column_privileges AS
SELECT
    n.nspname::text AS namespace_name,
    c.relname::text AS relation_name,
    a.attname::text AS column_name,
    x.privilege_type::text AS privilege_type,
    redshift_catalog.rs_user_id(x.grantee) AS identity_id,
    redshift_catalog.rs_identity_name(x.grantee) AS identity_name,
    redshift_catalog.rs_identity_type(x.grantee) AS identity_type
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN redshift_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) x
WHERE n.nspname <> 'pg_catalog' AND n.nspname <> 'information_schema';

-- r_SVV_SCHEMA_PRIVILEGES. Scoped permissions (FOR TABLES IN SCHEMA) are refused, so every row is about the schema itself.
CREATE VIEW redshift_catalog.svv_schema_privileges AS
SELECT
    n.nspname::text AS namespace_name,
    x.privilege_type::text AS privilege_type,
    redshift_catalog.rs_user_id(x.grantee) AS identity_id,
    redshift_catalog.rs_identity_name(x.grantee) AS identity_name,
    redshift_catalog.rs_identity_type(x.grantee) AS identity_type,
    x.is_grantable AS admin_option,
    'SCHEMA'::text AS privilege_scope
FROM pg_catalog.pg_namespace n
CROSS JOIN LATERAL pg_catalog.aclexplode(n.nspacl) x
WHERE n.oid IN (SELECT v.oid FROM redshift_catalog.pg_namespace v) AND n.nspname <> 'pg_catalog' AND n.nspname <> 'information_schema';

-- r_SVV_FUNCTION_PRIVILEGES: functions and procedures.
CREATE VIEW redshift_catalog.svv_function_privileges AS
SELECT
    n.nspname::text AS namespace_name,
    p.proname::text AS function_name,
    redshift_catalog.oidvectortypes(p.proargtypes) AS argument_types,
    x.privilege_type::text AS privilege_type,
    redshift_catalog.rs_user_id(x.grantee) AS identity_id,
    redshift_catalog.rs_identity_name(x.grantee) AS identity_name,
    redshift_catalog.rs_identity_type(x.grantee) AS identity_type,
    x.is_grantable AS admin_option
FROM pg_catalog.pg_proc p
JOIN redshift_catalog.pg_namespace n ON n.oid = p.pronamespace
CROSS JOIN LATERAL pg_catalog.aclexplode(p.proacl) x
WHERE n.nspname <> 'pg_catalog' AND n.nspname <> 'information_schema';

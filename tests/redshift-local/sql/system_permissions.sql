-- System permissions, and the roles that Redshift defines.
SET search_path = redshift_catalog, pg_catalog;

-- r_GRANT, "granting system permissions to roles"; the last three from its syntax for row-level security and masking.
CREATE TABLE redshift_catalog.rs_system_permission (privilege text PRIMARY KEY);
INSERT INTO redshift_catalog.rs_system_permission (privilege)
SELECT trim(privilege) FROM regexp_split_to_table(
    'CREATE USER, DROP USER, ALTER USER, CREATE SCHEMA, DROP SCHEMA, ALTER DEFAULT PRIVILEGES, ACCESS CATALOG, ACCESS SYSTEM TABLE,
    CREATE TABLE, DROP TABLE, ALTER TABLE, CREATE OR REPLACE FUNCTION, CREATE OR REPLACE EXTERNAL FUNCTION, DROP FUNCTION,
    CREATE OR REPLACE PROCEDURE, DROP PROCEDURE, CREATE OR REPLACE VIEW, DROP VIEW, CREATE MODEL, DROP MODEL, CREATE DATASHARE,
    ALTER DATASHARE, DROP DATASHARE, CREATE LIBRARY, DROP LIBRARY, CREATE ROLE, DROP ROLE, TRUNCATE TABLE, VACUUM, ANALYZE, CANCEL,
    EXPLAIN RLS, IGNORE RLS, EXPLAIN MASKING', '[,[:space:]]*,[[:space:]]*') privilege;

-- r_roles-default: what each may do; sys:dba inherits from sys:operator.
CREATE ROLE "role sys:monitor";
CREATE ROLE "role sys:operator";
CREATE ROLE "role sys:dba";
CREATE ROLE "role sys:superuser";
CREATE ROLE "role sys:secadmin";
GRANT "role sys:operator" TO "role sys:dba";
INSERT INTO redshift_catalog.rs_role (role, owner) SELECT r.oid, 10 FROM pg_catalog.pg_roles r WHERE r.rolname LIKE 'role sys:%';
INSERT INTO redshift_catalog.rs_permission (scope, object, iam_role, privilege, grantee, admin_option)
SELECT 'SYSTEM', 0, '', p.privilege, r.name::regrole, false
FROM redshift_catalog.rs_system_permission p
JOIN (VALUES
    ('"role sys:monitor"', 'ACCESS (CATALOG|SYSTEM TABLE)'),
    ('"role sys:operator"', 'ACCESS (CATALOG|SYSTEM TABLE)|ANALYZE|VACUUM|CANCEL'),
    ('"role sys:dba"', '(CREATE|DROP) (SCHEMA|TABLE)|TRUNCATE TABLE|CREATE OR REPLACE .*|DROP (PROCEDURE|VIEW)'),
    ('"role sys:superuser"', '.*'),
    ('"role sys:secadmin"', '(CREATE|ALTER|DROP) USER|(CREATE|DROP) ROLE|(EXPLAIN|IGNORE) (RLS|MASKING)')
) r (name, permissions) ON p.privilege ~ ('^(' || r.permissions || ')$');

-- r_SVV_SYSTEM_PRIVILEGES
CREATE VIEW redshift_catalog.svv_system_privileges AS
SELECT p.privilege AS system_privilege, i.id AS identity_id, i.name AS identity_name, i.type AS identity_type
FROM redshift_catalog.rs_permission p
JOIN redshift_catalog.rs_identity i ON i.role = p.grantee
WHERE p.scope = 'SYSTEM';

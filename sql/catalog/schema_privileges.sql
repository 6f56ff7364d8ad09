-- Rights granted on schemas. A privilege_scope other than SCHEMA is a scoped grant on what lies in the schema.
-- Needs: superuser or ACCESS SYSTEM TABLE, else other grantees' rows are missing.
-- AWS: SVV_SCHEMA_PRIVILEGES.
SELECT
    namespace_name,
    privilege_type,
    privilege_scope,
    identity_name,
    identity_type,
    admin_option
FROM svv_schema_privileges
ORDER BY namespace_name, privilege_type, privilege_scope, identity_type, identity_name;

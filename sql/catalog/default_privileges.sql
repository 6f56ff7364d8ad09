-- What objects to come give by themselves: default privileges, of every schema (schema_name is NULL) and of one.
-- Needs: superuser or ACCESS SYSTEM TABLE, else other grantees' rows are missing.
-- AWS: SVV_DEFAULT_PRIVILEGES. It cannot tell that nothing is left of a default, for which see default_functions.sql.
SELECT
    schema_name,
    object_type,
    owner_name,
    privilege_type,
    grantee_name,
    grantee_type,
    admin_option
FROM svv_default_privileges
ORDER BY owner_name, schema_name, object_type, privilege_type, grantee_type, grantee_name;

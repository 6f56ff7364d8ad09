-- Rights granted on tables, views and materialized views.
-- Needs: superuser or ACCESS SYSTEM TABLE, else other grantees' rows are missing.
-- AWS: SVV_RELATION_PRIVILEGES.
SELECT
    namespace_name,
    relation_name,
    privilege_type,
    identity_name,
    identity_type,
    admin_option
FROM svv_relation_privileges
ORDER BY namespace_name, relation_name, privilege_type, identity_type, identity_name;

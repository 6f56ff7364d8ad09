-- Roles with their owners, and who holds which: users perhaps with ADMIN OPTION, roles without. Redshift's own are among them.
-- Needs: superuser or ACCESS SYSTEM TABLE, else roles that are neither owned nor held are missing.
-- AWS: SVV_ROLES, SVV_USER_GRANTS, SVV_ROLE_GRANTS (there role_name holds granted_role_name).
SELECT
    'role' AS row_type,
    role_name,
    CAST(role_owner AS VARCHAR(128)) AS identity_name,
    CAST(external_id AS VARCHAR(256)) AS external_id,
    FALSE AS admin_option
FROM svv_roles
UNION ALL
SELECT 'user', role_name, user_name, NULL, admin_option
FROM svv_user_grants
UNION ALL
SELECT 'member', granted_role_name, role_name, NULL, FALSE
FROM svv_role_grants
ORDER BY row_type, role_name, identity_name;

-- What is not on an object: system permissions, and who may name which IAM role in which commands (ASSUMEROLE).
-- Needs: superuser or ACCESS SYSTEM TABLE, else other grantees' rows are missing.
-- AWS: SVV_SYSTEM_PRIVILEGES, SVV_IAM_PRIVILEGES.
SELECT
    'system' AS row_type,
    CAST(system_privilege AS VARCHAR(128)) AS privilege,
    CAST(NULL AS VARCHAR(65535)) AS iam_role,
    identity_name,
    identity_type
FROM svv_system_privileges
UNION ALL
SELECT 'iam', command_type, iam_arn, identity_name, identity_type
FROM svv_iam_privileges
ORDER BY row_type, privilege, iam_role, identity_type, identity_name;

-- Rights granted on functions and procedures.
-- Needs: superuser or ACCESS SYSTEM TABLE, else other grantees' rows are missing.
-- AWS: SVV_FUNCTION_PRIVILEGES: explicit grants only, so not what every new function gives to PUBLIC.
SELECT
    namespace_name,
    function_name,
    argument_types,
    privilege_type,
    identity_name,
    identity_type,
    admin_option
FROM svv_function_privileges
ORDER BY namespace_name, function_name, argument_types, privilege_type, identity_type, identity_name;

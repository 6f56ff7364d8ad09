-- Counts the privileges on functions and procedures.
-- Parameter schemas: their names as literals. Follows r_SVV_FUNCTION_PRIVILEGES.
SELECT COUNT(*)
FROM svv_function_privileges
WHERE namespace_name IN (:schemas) AND LEFT(function_name, 7) <> 'mv_sp__';

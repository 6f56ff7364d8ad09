-- Counts the privileges on the schemas.
-- Parameter schemas: their names as literals. Follows r_SVV_SCHEMA_PRIVILEGES.
SELECT COUNT(*)
FROM svv_schema_privileges
WHERE namespace_name IN (:schemas);

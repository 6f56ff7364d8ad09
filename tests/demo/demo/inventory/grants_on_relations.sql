-- Counts the privileges on tables and views.
-- Parameter schemas: their names as literals. Follows r_SVV_RELATION_PRIVILEGES.
SELECT COUNT(*)
FROM svv_relation_privileges
WHERE namespace_name IN (:schemas) AND LEFT(relation_name, 8) <> 'mv_tbl__';

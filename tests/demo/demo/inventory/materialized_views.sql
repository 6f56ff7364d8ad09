-- Counts the materialized views.
-- Parameter schemas: their names as literals. Follows r_SVV_MV_INFO; its names are padded with blanks.
SELECT COUNT(*)
FROM svv_mv_info
WHERE TRIM(schema_name) IN (:schemas);

-- How the connected database compares text.
-- Needs: nothing.
-- AWS: DB_COLLATION (r_DB_COLLATION): case_sensitive or case_insensitive.
SELECT DB_COLLATION() AS database_collation
ORDER BY database_collation;

-- The database that the session is connected to, whom it acts for, and how text compares in it.
-- Needs: nothing.
-- AWS: CURRENT_DATABASE, CURRENT_USER, DB_COLLATION (r_DB_COLLATION): case_sensitive or case_insensitive.
SELECT
    current_database() AS database_name,
    current_user AS login,
    db_collation() AS database_collation
ORDER BY database_name;

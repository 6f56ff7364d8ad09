-- The database that the session is connected to, and whom it acts for.
-- Needs: nothing.
-- AWS: CURRENT_DATABASE, CURRENT_USER.
SELECT
    current_database() AS database_name,
    current_user AS login
ORDER BY database_name;

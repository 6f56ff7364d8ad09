-- Which warehouse and which database the session is in, by what the warehouse itself says: a host name may be an alias.
-- Needs: nothing.
-- AWS: CURRENT_NAMESPACE (r_CURRENT_NAMESPACE; standard_datashare and writes-adding-data-consumer: the id in a namespace's ARN),
-- CURRENT_DATABASE (r_CURRENT_DATABASE).
SELECT
    current_namespace AS namespace_id,
    current_database() AS database_name
ORDER BY database_name;

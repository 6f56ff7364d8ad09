-- Schemas with their owners, Redshift's own left out.
-- Needs: nothing.
-- AWS: PG_NAMESPACE and PG_USER (c_intro_catalog_views, leader node). The owner is NULL where its user is gone.
SELECT
    n.nspname,
    u.usename AS owner
FROM pg_namespace AS n
LEFT JOIN pg_user AS u ON u.usesysid = n.nspowner
WHERE n.nspname !~ '^pg_'
    AND n.nspname <> 'information_schema'
ORDER BY n.nspname;

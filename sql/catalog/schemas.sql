-- Schemas with their owners, Redshift's own left out; external schemas with what they show.
-- Needs: nothing.
-- AWS: PG_NAMESPACE and PG_USER (c_intro_catalog_views, leader node), PG_EXTERNAL_SCHEMA (r_PG_EXTERNAL_SCHEMA), whose eskind is
-- that of SVV_EXTERNAL_SCHEMAS. The owner is NULL where its user is gone.
SELECT
    n.nspname,
    u.usename AS owner,
    e.eskind,
    e.esdbname,
    e.esoptions
FROM pg_namespace AS n
LEFT JOIN pg_user AS u ON u.usesysid = n.nspowner
LEFT JOIN pg_external_schema AS e ON e.esoid = n.oid
WHERE n.nspname !~ '^pg_'
    AND n.nspname <> 'information_schema'
ORDER BY n.nspname;

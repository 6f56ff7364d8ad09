-- Groups with the ids of their members.
-- Needs: nothing.
-- AWS: PG_GROUP is the PostgreSQL catalog (c_intro_catalog_views); grolist prints as {id,id}.
SELECT
    groname,
    grolist
FROM pg_group
ORDER BY groname;

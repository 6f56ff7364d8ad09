-- Who is logged in, and whether that is a superuser: other users see only a part of the catalog.
-- Needs: nothing.
-- AWS: PG_USER (c_intro_catalog_views, leader node), CURRENT_USER (r_CURRENT_USER).
SELECT
    usename,
    usesuper
FROM pg_user
WHERE usename = CURRENT_USER
ORDER BY usename;

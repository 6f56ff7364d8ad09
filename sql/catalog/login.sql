-- Who is logged in, by which process, and whether that is a superuser: other users see only a part of the catalog.
-- Needs: nothing.
-- AWS: PG_USER (c_intro_catalog_views, leader node), CURRENT_USER (r_CURRENT_USER), PG_BACKEND_PID.
SELECT
    usename,
    usesuper,
    pg_backend_pid() AS session_id
FROM pg_user
WHERE usename = CURRENT_USER
ORDER BY usename;

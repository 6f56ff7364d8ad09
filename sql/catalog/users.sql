-- Users with the options that CREATE USER gave them, but for those of user_options.sql.
-- Needs: superuser, else other users' rows are missing.
-- AWS: PG_USER_INFO (leader node). An unlimited CONNECTION LIMIT reads UNLIMITED.
SELECT
    usename,
    usesysid,
    usecreatedb,
    usesuper,
    valuntil,
    useconnlimit,
    useconfig
FROM pg_user_info
ORDER BY usename;

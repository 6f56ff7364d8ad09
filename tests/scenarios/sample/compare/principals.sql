-- Compares: users and groups, with what CREATE USER may say of a user.
-- Why it can bite: an expired user must stay expired, a limit must not become UNLIMITED, SYSLOG ACCESS must not widen to
-- other users' statements, nobody becomes a superuser. An end of validity of 'infinity' is none. Passwords are left out: the
-- migration does not carry them over. Superusers are left out: they are not the tenant's.
SELECT
    r.rolname AS principal,
    r.rolcanlogin AS is_user,
    r.rolcreatedb AS may_create_databases,
    r.rolcreaterole AS may_create_roles,
    r.rolconnlimit AS connection_limit,
    NULLIF(r.rolvaliduntil, 'infinity') AS valid_until,
    COALESCE(u.syslog_unrestricted, false) AS sees_all_of_syslog,
    COALESCE(u.session_timeout, 0) AS session_timeout_seconds
FROM pg_catalog.pg_roles AS r
LEFT JOIN redshift_catalog.rs_user AS u ON u.role = r.oid
WHERE NOT r.rolsuper
    AND r.rolname !~ '^pg_'
ORDER BY 1;

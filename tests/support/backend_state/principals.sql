-- Who there is: options, settings and memberships of users, groups and roles. Passwords are not compared: no page gives a way to
-- read one, so that a migration never carries one over.
WITH principal AS (
    SELECT r.*, CASE WHEN r.rolcanlogin THEN 'user ' ELSE '' END || r.rolname AS name
    FROM pg_catalog.pg_roles r
    -- Who stands in for scoped permissions has a number in the name; these permissions are listed by themselves.
    WHERE r.rolname NOT LIKE 'pg\_%' AND r.rolname NOT LIKE 'scope %' AND r.rolname <> 'rdsdb'
)
SELECT p.name, fact
FROM principal p
LEFT JOIN redshift_catalog.rs_user u ON u.role = p.oid
CROSS JOIN LATERAL unnest(ARRAY[
    'superuser ' || p.rolsuper,
    'creates databases ' || p.rolcreatedb,
    'connection limit ' || p.rolconnlimit,
    'valid until ' || coalesce(p.rolvaliduntil::text, 'none'),
    'syslog unrestricted ' || coalesce(u.syslog_unrestricted, false),
    'session timeout ' || coalesce(u.session_timeout, 0),
    'external id ' || coalesce(u.external_id, 'none')
]) fact
UNION ALL
SELECT p.name, 'owner ' || pg_catalog.pg_get_userbyid(r.owner) || ', external id ' || coalesce(r.external_id, 'none')
FROM principal p
JOIN redshift_catalog.rs_role r ON r.role = p.oid
UNION ALL
SELECT p.name, 'in database ' || coalesce(d.datname, 'any') || ' set ' || setting
FROM principal p
JOIN pg_catalog.pg_db_role_setting s ON s.setrole = p.oid
LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
CROSS JOIN unnest(s.setconfig) setting
UNION ALL
SELECT p.name, 'is in ' || g.rolname || CASE WHEN bool_or(m.admin_option) THEN ' with admin option' ELSE '' END
FROM principal p
JOIN pg_catalog.pg_auth_members m ON m.member = p.oid
JOIN pg_catalog.pg_roles g ON g.oid = m.roleid AND g.rolname NOT LIKE 'scope %'
GROUP BY p.name, g.rolname;

-- Users and groups: PG_USER, PG_USER_INFO, PG_SHADOW, PG_GROUP, SVV_USER_INFO, and databases.
SET search_path = redshift_catalog, pg_catalog;

CREATE VIEW redshift_catalog.pg_user AS
SELECT
    r.rolname AS usename,
    redshift_catalog.rs_user_id(r.oid) AS usesysid,
    r.rolcreatedb AS usecreatedb,
    r.rolsuper AS usesuper,
    (r.oid = 10) AS usecatupd,
    '********'::text AS passwd,
    r.rolvaliduntil AS valuntil,
    (
        SELECT array_agg(regexp_replace(redshift_catalog.rs_hide_tail(setting), '^rs[.]', '') ORDER BY setting)
        FROM pg_catalog.pg_db_role_setting s, unnest(s.setconfig) setting
        WHERE s.setrole = r.oid AND s.setdatabase = 0
    ) AS useconfig
FROM pg_catalog.pg_roles r
WHERE r.rolcanlogin;

-- r_PG_USER_INFO. The last two columns are in SVV_USER_INFO's page, too.
CREATE VIEW redshift_catalog.pg_user_info AS
SELECT
    u.usename, u.usesysid, u.usecreatedb, u.usesuper, u.usecatupd, u.passwd, u.valuntil, u.useconfig,
    CASE WHEN r.oid = 10 THEN NULL WHEN r.rolconnlimit < 0 THEN 'UNLIMITED' ELSE r.rolconnlimit::text END AS useconnlimit,
    CASE WHEN x.syslog_unrestricted OR r.rolsuper THEN 'UNRESTRICTED' ELSE 'RESTRICTED' END AS syslogaccess,
    NULL::timestamp AS last_ddl_ts,
    coalesce(x.session_timeout, 0) AS sessiontimeout,
    NULL::text AS external_user_id
FROM redshift_catalog.pg_user u
JOIN pg_catalog.pg_roles r ON r.rolname = u.usename
LEFT JOIN redshift_catalog.rs_user x ON x.role = r.oid;

-- The hash shows to superusers alone; whether it does on Redshift no page says, so it shows to nobody here.
CREATE VIEW redshift_catalog.pg_shadow AS SELECT * FROM redshift_catalog.pg_user;

CREATE VIEW redshift_catalog.pg_group AS
SELECT
    redshift_catalog.rs_identity_name(r.oid)::name AS groname,
    r.oid::integer AS grosysid,
    (
        SELECT array_agg(m.member::integer ORDER BY m.member) FROM pg_catalog.pg_auth_members m WHERE m.roleid = r.oid
    ) AS grolist
FROM pg_catalog.pg_roles r
WHERE NOT r.rolcanlogin AND r.rolname LIKE 'group %';

-- r_SVV_USER_INFO
CREATE VIEW redshift_catalog.svv_user_info AS
SELECT
    usename::text AS user_name,
    usesysid AS user_id,
    usecreatedb AS createdb,
    usesuper AS superuser,
    usecatupd AS catalog_update,
    useconnlimit AS connection_limit,
    syslogaccess AS syslog_access,
    last_ddl_ts AS last_ddl_timestamp,
    sessiontimeout AS session_timeout,
    external_user_id
FROM redshift_catalog.pg_user_info;

CREATE VIEW redshift_catalog.pg_database AS
SELECT
    d.oid, d.datname, redshift_catalog.rs_user_id(d.datdba) AS datdba, d.encoding, d.datistemplate, d.datallowconn,
    0::oid AS datlastsysoid, 0::oid AS datvacuumxid, 0::oid AS datfrozenxid, d.dattablespace, NULL::text[] AS datconfig,
    redshift_catalog.rs_acl(d.datacl) AS datacl
FROM pg_catalog.pg_database d;

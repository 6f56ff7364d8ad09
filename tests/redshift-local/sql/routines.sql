-- Functions, procedures and languages. prokind is in PG_PROC_INFO alone (r_PG_PROC_INFO).
SET search_path = redshift_catalog, pg_catalog;

CREATE VIEW redshift_catalog.pg_proc AS
SELECT
    p.oid, p.proname, p.pronamespace, redshift_catalog.rs_user_id(p.proowner) AS proowner, p.prolang, p.prokind = 'a' AS proisagg,
    p.prosecdef, p.proisstrict, p.proretset, p.provolatile, p.pronargs, p.prorettype, p.proargtypes, p.proargnames, coalesce(r.source, p.prosrc) AS prosrc,
    p.probin,
    redshift_catalog.rs_acl(p.proacl) AS proacl
FROM pg_catalog.pg_proc p
LEFT JOIN redshift_catalog.rs_routine r ON r.routine = p.oid
WHERE p.pronamespace IN (SELECT n.oid FROM redshift_catalog.pg_namespace n);

CREATE VIEW redshift_catalog.pg_proc_info AS
SELECT
    v.oid AS prooid, v.proname, v.pronamespace, v.proowner, v.prolang, v.proisagg, v.prosecdef, v.proisstrict, v.proretset, v.provolatile,
    p.prokind, v.pronargs, v.prorettype, v.proargtypes, p.proallargtypes, p.proargmodes, v.proargnames, v.prosrc, v.probin, v.proacl,
    p.proconfig
FROM redshift_catalog.pg_proc v
JOIN pg_catalog.pg_proc p ON p.oid = v.oid;

CREATE VIEW redshift_catalog.pg_language AS
SELECT l.lanname, l.oid, l.lanispl, l.lanpltrusted, l.lanplcallfoid, l.lanvalidator, redshift_catalog.rs_acl(l.lanacl) AS lanacl
FROM pg_catalog.pg_language l;

-- Functions and stored procedures with their bodies.
-- Needs: nothing.
-- AWS: PG_PROC_INFO (leader node): prokind f or p; proargmodes, proallargtypes and proargnames cover OUT arguments.
-- A body may hold 2 MB: never cast it. No proacl at all means the rights that every new routine has.
-- Internal procedures of materialized views, mv_sp__…, are among the rows: the reader drops them.
SELECT
    n.nspname,
    p.proname,
    p.prokind,
    u.usename AS owner,
    l.lanname,
    OIDVECTORTYPES(p.proargtypes) AS argument_types,
    p.proargtypes,
    p.proallargtypes,
    p.proargmodes,
    p.proargnames,
    FORMAT_TYPE(p.prorettype, NULL) AS return_type,
    p.provolatile,
    p.prosecdef,
    p.proacl IS NULL AS default_privileges,
    p.prosrc
FROM pg_proc_info AS p
JOIN pg_namespace AS n ON n.oid = p.pronamespace
JOIN pg_language AS l ON l.oid = p.prolang
LEFT JOIN pg_user AS u ON u.usesysid = p.proowner
WHERE n.nspname !~ '^pg_'
    AND n.nspname <> 'information_schema'
ORDER BY n.nspname, p.proname, argument_types;

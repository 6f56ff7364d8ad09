-- Compares: every right as it is granted, on schemas, relations, functions and procedures: to whom, by whom, with grant
-- option or without.
-- Why it can bite: a right left out breaks somebody's work; one right too many, or PUBLIC's default EXECUTE on a new
-- function that the source had revoked, opens a door. An object that nobody was granted anything on has no list of rights:
-- then the default one is compared. Who granted is compared because a grant goes when its grantor loses the right.
SELECT
    granted.kind,
    granted.object_name,
    CASE
        WHEN granted.grantee = 0 THEN 'PUBLIC'
        WHEN grantee.rolsuper THEN '(superuser)'
        ELSE grantee.rolname
    END AS grantee_name,
    CASE WHEN grantor.rolsuper THEN '(superuser)' ELSE grantor.rolname END AS grantor_name,
    granted.privilege_type,
    granted.is_grantable
FROM (
    SELECT 'schema' AS kind, pg_catalog.quote_ident(n.nspname) AS object_name, e.grantee, e.grantor, e.privilege_type, e.is_grantable
    FROM pg_catalog.pg_namespace AS n
    CROSS JOIN LATERAL pg_catalog.aclexplode(COALESCE(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) AS e
    WHERE n.nspname !~ '^pg_'
        AND n.nspname NOT IN ('information_schema', 'redshift_catalog', 'public')
    UNION ALL
    SELECT 'relation', pg_catalog.format('%I.%I', n.nspname, c.relname), e.grantee, e.grantor, e.privilege_type, e.is_grantable
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL pg_catalog.aclexplode(COALESCE(c.relacl, pg_catalog.acldefault('r', c.relowner))) AS e
    WHERE c.relkind IN ('r', 'v', 'm')
        AND n.nspname !~ '^pg_'
        AND n.nspname NOT IN ('information_schema', 'redshift_catalog')
    UNION ALL
    SELECT
        'routine',
        pg_catalog.format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)),
        e.grantee, e.grantor, e.privilege_type, e.is_grantable
    FROM pg_catalog.pg_proc AS p
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    CROSS JOIN LATERAL pg_catalog.aclexplode(COALESCE(p.proacl, pg_catalog.acldefault('f', p.proowner))) AS e
    WHERE n.nspname !~ '^pg_'
        AND n.nspname NOT IN ('information_schema', 'redshift_catalog')
) AS granted
JOIN pg_catalog.pg_roles AS grantor ON grantor.oid = granted.grantor
LEFT JOIN pg_catalog.pg_roles AS grantee ON grantee.oid = granted.grantee
ORDER BY 1, 2, 3, 4, 5;

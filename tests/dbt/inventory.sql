-- What the schemas of a tenant hold, one line a fact: kind, object, fact.
-- Parameter schemas: their names as literals. Follows r_PG_CLASS, r_SVV_RELATION_PRIVILEGES, r_SVV_SCHEMA_PRIVILEGES, r_SVV_DEFAULT_PRIVILEGES.
-- The relations and their owners, but for the table behind a materialized view.
SELECT 'owner', n.nspname || '.' || c.relname, c.relkind, u.usename
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
INNER JOIN pg_user AS u ON u.usesysid = c.relowner
WHERE n.nspname IN (:schemas) AND c.relkind IN ('r', 'v') AND LEFT(c.relname, 8) <> 'mv_tbl__';

SELECT 'definition', schemaname || '.' || viewname, REPLACE(definition, CHR(10), ' ')
FROM pg_views
WHERE schemaname IN (:schemas);

SELECT 'comment', n.nspname || '.' || c.relname, a.attname, d.description
FROM pg_description AS d
INNER JOIN pg_class AS c ON c.oid = d.objoid
INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
WHERE n.nspname IN (:schemas);

SELECT 'key', n.nspname || '.' || c.relname, k.contype
FROM pg_constraint AS k
INNER JOIN pg_class AS c ON c.oid = k.conrelid
INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname IN (:schemas);

SELECT 'privilege', namespace_name || '.' || relation_name, privilege_type, identity_type, identity_name
FROM svv_relation_privileges
WHERE namespace_name IN (:schemas) AND LEFT(relation_name, 8) <> 'mv_tbl__';

SELECT 'privilege', namespace_name, privilege_type, identity_type, identity_name
FROM svv_schema_privileges
WHERE namespace_name IN (:schemas);

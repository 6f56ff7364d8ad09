-- Rights granted: on the database, languages, schemas, relations, columns, functions and procedures. A privilege_scope of another
-- kind of object than the row's is a scoped permission on all such objects of the schema or database. Columns take no grant option.
-- Needs: superuser or ACCESS SYSTEM TABLE, else other grantees' rows are missing.
-- AWS: SVV_DATABASE_PRIVILEGES (of every database), SVV_LANGUAGE_PRIVILEGES, SVV_SCHEMA_PRIVILEGES, SVV_RELATION_PRIVILEGES,
-- SVV_COLUMN_PRIVILEGES, SVV_FUNCTION_PRIVILEGES (explicit grants only, so not what every new function gives to PUBLIC).
-- One query for all, since each costs a round trip's wait on the leader node.
SELECT
    'database' AS object_type,
    CAST(NULL AS VARCHAR(128)) AS namespace_name,
    CAST(database_name AS VARCHAR(128)) AS object_name,
    CAST(NULL AS VARCHAR(65535)) AS detail,
    privilege_type,
    privilege_scope,
    identity_name,
    identity_type,
    admin_option
FROM svv_database_privileges
WHERE database_name = current_database()
UNION ALL
SELECT 'language', NULL, language_name, NULL, privilege_type, 'LANGUAGE', identity_name, identity_type, admin_option
FROM svv_language_privileges
UNION ALL
SELECT 'schema', namespace_name, namespace_name, NULL, privilege_type, privilege_scope, identity_name, identity_type, admin_option
FROM svv_schema_privileges
UNION ALL
SELECT 'relation', namespace_name, relation_name, NULL, privilege_type, 'RELATION', identity_name, identity_type, admin_option
FROM svv_relation_privileges
UNION ALL
SELECT 'column', namespace_name, relation_name, column_name, privilege_type, 'COLUMN', identity_name, identity_type, FALSE
FROM svv_column_privileges
UNION ALL
SELECT 'routine', namespace_name, function_name, argument_types, privilege_type, 'ROUTINE', identity_name, identity_type, admin_option
FROM svv_function_privileges
ORDER BY object_type, namespace_name, object_name, detail, privilege_type, privilege_scope, identity_type, identity_name;

-- Quotas of schemas (r_CREATE_SCHEMA) and external schemas (r_CREATE_EXTERNAL_SCHEMA): listed, not acted on.
SET search_path = redshift_catalog, pg_catalog;

CREATE FUNCTION redshift_catalog.rs_store_schema(schema_oid oid, a jsonb) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog AS
$$
    INSERT INTO redshift_catalog.rs_schema (schema, quota, external_kind, external_database, external_options)
    VALUES (schema_oid, (a->>'quota')::integer, (a->>'kind')::smallint, a->>'database', a->>'options')
    ON CONFLICT (schema) DO UPDATE SET quota = excluded.quota
$$;

-- r_CREATE_EXTERNAL_SCHEMA: external schemas hold no local tables.
CREATE FUNCTION redshift_catalog.rs_check_schema(name text) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog AS
$$
BEGIN
    IF EXISTS (SELECT 1 FROM redshift_catalog.rs_schema WHERE schema = to_regnamespace(name) AND external_kind IS NOT NULL) THEN
        RAISE EXCEPTION 'nothing local can be created in the external schema %', name USING ERRCODE = 'feature_not_supported';
    END IF;
END
$$;

-- ALTER SCHEMA … QUOTA (r_ALTER_SCHEMA): superusers only (r_CREATE_SCHEMA).
CREATE PROCEDURE redshift_catalog.rs_set_quota(schema regnamespace, quota integer) LANGUAGE plpgsql AS
$$
BEGIN
    IF NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
        RAISE EXCEPTION 'must be superuser to set a schema quota' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM redshift_catalog.rs_store_schema(schema, jsonb_build_object('quota', quota));
END
$$;

-- r_SVV_REDSHIFT_SCHEMA_QUOTA, on both kinds of warehouse. Only schemas with a quota, in MB.
CREATE VIEW redshift_catalog.svv_redshift_schema_quota AS
SELECT
    current_database()::char(128) AS database_name, n.nspname::char(128) AS schema_name, n.nspowner AS schema_owner, s.quota,
    coalesce((
        SELECT sum(pg_catalog.pg_relation_size(c.oid)) / 1048576 FROM pg_catalog.pg_class c
        WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'm')
    ), 0)::integer AS disk_usage
FROM redshift_catalog.pg_namespace n
JOIN redshift_catalog.rs_schema s ON s.schema = n.oid
WHERE s.quota IS NOT NULL AND pg_catalog.has_schema_privilege(n.oid, 'USAGE');

-- r_PG_EXTERNAL_SCHEMA
CREATE VIEW redshift_catalog.pg_external_schema AS
SELECT s.schema AS esoid, s.external_kind::integer AS eskind, s.external_database AS esdbname, s.external_options AS esoptions
FROM redshift_catalog.rs_schema s
WHERE s.external_kind IS NOT NULL;

-- r_SVV_EXTERNAL_SCHEMAS
CREATE VIEW redshift_catalog.svv_external_schemas AS
SELECT e.esoid, e.eskind::smallint AS eskind, n.nspname AS schemaname, n.nspowner AS esowner, e.esdbname AS databasename, e.esoptions
FROM redshift_catalog.pg_external_schema e
JOIN redshift_catalog.pg_namespace n ON n.oid = e.esoid
WHERE pg_catalog.has_schema_privilege(n.oid, 'USAGE');

-- r_SVV_EXTERNAL_TABLES, r_SVV_EXTERNAL_COLUMNS: what is in an external schema cannot be reached.
CREATE VIEW redshift_catalog.svv_external_tables AS
SELECT
    NULL::text AS redshift_database_name, NULL::text AS schemaname, NULL::text AS tablename, NULL::text AS tabletype, NULL::text AS location,
    NULL::text AS input_format, NULL::text AS output_format, NULL::text AS serialization_lib, NULL::text AS serde_parameters,
    NULL::integer AS compressed, NULL::text AS parameters
WHERE false;
CREATE VIEW redshift_catalog.svv_external_columns AS
SELECT
    NULL::text AS redshift_database_name, NULL::text AS schemaname, NULL::text AS tablename, NULL::text AS columnname,
    NULL::text AS external_type, NULL::integer AS columnnum, NULL::integer AS part_key, NULL::text AS is_nullable
WHERE false;

-- SVV_* views of schemas, tables and materialized views that both kinds of warehouse have.
SET search_path = redshift_catalog, pg_catalog;

-- r_SVV_ALL_SCHEMAS
CREATE VIEW redshift_catalog.svv_all_schemas AS
SELECT
    current_database()::varchar(128) AS database_name, n.nspname::varchar(128) AS schema_name, n.nspowner AS schema_owner,
    CASE WHEN e.esoid IS NULL THEN 'local' ELSE 'external' END::varchar(128) AS schema_type,
    array_to_string(n.nspacl, '~')::varchar(128) AS schema_acl,
    nullif(e.esdbname, '')::varchar(128) AS source_database, e.esoptions::varchar(256) AS schema_option
FROM redshift_catalog.pg_namespace n
LEFT JOIN redshift_catalog.pg_external_schema e ON e.esoid = n.oid
WHERE n.nspname NOT LIKE 'pg_temp%';

-- r_SVV_REDSHIFT_SCHEMAS: the schemas of the cluster's own databases.
CREATE VIEW redshift_catalog.svv_redshift_schemas AS
SELECT s.database_name, s.schema_name, s.schema_owner, s.schema_type, s.schema_acl, s.schema_option::varchar(128) AS schema_option
FROM redshift_catalog.svv_all_schemas s
WHERE s.schema_type = 'local';

-- r_SVV_REDSHIFT_TABLES
CREATE VIEW redshift_catalog.svv_redshift_tables AS
SELECT
    current_database()::varchar(128) AS database_name, n.nspname::varchar(128) AS schema_name, c.relname::varchar(128) AS table_name,
    CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END::varchar(128) AS table_type,
    array_to_string(c.relacl, '~')::varchar(128) AS table_acl, pg_catalog.obj_description(c.oid, 'pg_class')::varchar(128) AS remarks,
    redshift_catalog.pg_get_userbyid(c.relowner)::varchar(128) AS table_owner
FROM redshift_catalog.pg_class c
JOIN redshift_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v');

-- r_SVV_ALL_TABLES
CREATE VIEW redshift_catalog.svv_all_tables AS
SELECT t.database_name, t.schema_name, t.table_name, t.table_acl, t.table_type, t.remarks::varchar(256) AS remarks
FROM redshift_catalog.svv_redshift_tables t;

-- r_SVV_TABLES
CREATE VIEW redshift_catalog.svv_tables AS
SELECT
    t.database_name::text AS table_catalog, t.schema_name::text AS table_schema, t.table_name::text AS table_name,
    CASE t.table_type WHEN 'VIEW' THEN 'VIEW' ELSE 'BASE TABLE' END AS table_type, t.remarks::text AS remarks
FROM redshift_catalog.svv_redshift_tables t;

-- The columns of tables and views, those of late-binding views among them (r_SVV_COLUMNS).
CREATE VIEW redshift_catalog.rs_listed_column AS
SELECT
    n.nspname AS schema_name, c.relname AS table_name, a.attname AS column_name, a.attnum::integer AS ordinal_position, a.atttypid, a.atttypmod,
    d.adsrc AS column_default, CASE WHEN a.attnotnull THEN 'NO' ELSE 'YES' END AS is_nullable,
    redshift_catalog.format_encoding(k.encoding) AS encoding, coalesce(k.distkey, false) AS distkey, coalesce(k.sort_order, 0) AS sortkey,
    redshift_catalog.rs_acl(a.attacl) AS acl, pg_catalog.col_description(x.source, a.attnum) AS remarks
FROM redshift_catalog.rs_relation x
JOIN redshift_catalog.pg_class c ON c.oid = x.oid
JOIN redshift_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN redshift_catalog.rs_attribute a ON a.attrelid = x.source AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN redshift_catalog.rs_column k ON k.relation = x.source AND k.number = a.attnum AND x.relkind = 'r'
LEFT JOIN redshift_catalog.pg_attrdef d ON d.adrelid = x.source AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'v');

-- r_SVV_REDSHIFT_COLUMNS
CREATE VIEW redshift_catalog.svv_redshift_columns AS
SELECT
    current_database()::varchar(128) AS database_name, l.schema_name::varchar(128) AS schema_name, l.table_name::varchar(128) AS table_name,
    l.column_name::varchar(128) AS column_name, l.ordinal_position,
    redshift_catalog.format_type(l.atttypid, l.atttypmod)::varchar(32) AS data_type, l.column_default::varchar(4000) AS column_default,
    l.is_nullable::varchar(3) AS is_nullable, l.encoding::varchar(128) AS encoding, l.distkey, l.sortkey,
    array_to_string(l.acl, '~')::varchar(128) AS column_acl, l.remarks::varchar(256) AS remarks
FROM redshift_catalog.rs_listed_column l;

-- r_SVV_COLUMNS
CREATE VIEW redshift_catalog.svv_columns AS
SELECT
    current_database()::text AS table_catalog, l.schema_name::text AS table_schema, l.table_name::text AS table_name,
    l.column_name::text AS column_name, l.ordinal_position, l.column_default, l.is_nullable,
    redshift_catalog.format_type(l.atttypid, NULL) AS data_type,
    information_schema._pg_char_max_length(l.atttypid, l.atttypmod) AS character_maximum_length,
    information_schema._pg_numeric_precision(l.atttypid, l.atttypmod) AS numeric_precision,
    information_schema._pg_numeric_precision_radix(l.atttypid, l.atttypmod) AS numeric_precision_radix,
    information_schema._pg_numeric_scale(l.atttypid, l.atttypmod) AS numeric_scale,
    information_schema._pg_datetime_precision(l.atttypid, l.atttypmod) AS datetime_precision,
    NULL::text AS interval_type, NULL::text AS interval_precision, NULL::text AS character_set_catalog, NULL::text AS character_set_schema,
    NULL::text AS character_set_name, NULL::text AS collation_catalog, NULL::text AS collation_schema, NULL::text AS collation_name,
    NULL::text AS domain_name, l.remarks
FROM redshift_catalog.rs_listed_column l;

-- r_SVV_ALL_COLUMNS
CREATE VIEW redshift_catalog.svv_all_columns AS
SELECT
    v.table_catalog::varchar(128) AS database_name, v.table_schema::varchar(128) AS schema_name, v.table_name::varchar(128) AS table_name,
    v.column_name::varchar(128) AS column_name, v.ordinal_position, v.column_default::varchar(4000) AS column_default,
    v.is_nullable::varchar(3) AS is_nullable, v.data_type::varchar(128) AS data_type, v.character_maximum_length, v.numeric_precision,
    v.numeric_scale, v.remarks::varchar(256) AS remarks
FROM redshift_catalog.svv_columns v;

-- r_SVV_TABLE_INFO: user tables and materialized views, and none that is empty. A materialized view goes by its own name: dbt-redshift,
-- whose tests run on Redshift, finds it so.
CREATE VIEW redshift_catalog.svv_table_info AS
SELECT
    current_database()::text AS "database", n.nspname::text AS "schema", c.reloid AS table_id, s.relname::text AS "table",
    CASE WHEN t.encode_auto THEN 'Y, AUTO(ENCODE)' WHEN bool_or(a.attencodingtype <> 0) THEN 'Y' ELSE 'N' END AS encoded,
    CASE c.releffectivediststyle WHEN 0 THEN 'EVEN' WHEN 1 THEN 'KEY(' || max(a.attname) FILTER (WHERE a.attisdistkey) || ')' WHEN 8 THEN 'ALL'
        WHEN 12 THEN 'AUTO(KEY(' || max(a.attname) FILTER (WHERE a.attisdistkey) || '))' WHEN 11 THEN 'AUTO(EVEN)' ELSE 'AUTO(ALL)' END AS diststyle,
    CASE t.sort_style
        WHEN 'auto' THEN 'AUTO(SORTKEY' || coalesce('(' || max(a.attname) FILTER (WHERE a.attsortkeyord = 1) || ')', '') || ')'
        WHEN 'interleaved' THEN 'INTERLEAVED'
        ELSE max(a.attname) FILTER (WHERE a.attsortkeyord = 1)
    END AS sortkey1,
    coalesce(max(a.atttypmod - 4) FILTER (WHERE a.atttypid = 'varchar'::regtype), 0) AS max_varchar,
    max(redshift_catalog.format_encoding(a.attencodingtype)) FILTER (WHERE abs(a.attsortkeyord) = 1)::char(32) AS sortkey1_enc,
    count(*) FILTER (WHERE a.attsortkeyord <> 0)::integer AS sortkey_num,
    pg_catalog.pg_relation_size(x.source) / 1048576 + 1 AS size, 0::numeric(10, 4) AS pct_used, 0::bigint AS empty, 0::numeric(5, 2) AS unsorted,
    0::numeric(5, 2) AS stats_off, c.reltuples::numeric(38, 0) AS tbl_rows, NULL::numeric(19, 2) AS skew_sortkey1,
    NULL::numeric(19, 2) AS skew_rows, c.reltuples::numeric(38, 0) AS estimated_visible_rows, NULL::text AS risk_event,
    NULL::numeric(12, 2) AS vacuum_sort_benefit, t.created AS create_time
FROM redshift_catalog.pg_class_info c
JOIN redshift_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN redshift_catalog.rs_relation x ON x.oid = c.reloid
JOIN pg_catalog.pg_class s ON s.oid = x.source
JOIN redshift_catalog.rs_table t ON t.relation = x.source
JOIN redshift_catalog.pg_attribute a ON a.attrelid = c.reloid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'r' AND pg_catalog.pg_relation_size(x.source) > 0
GROUP BY n.nspname, c.reloid, s.relname, c.releffectivediststyle, c.reltuples, x.source, t.encode_auto, t.sort_style, t.created;

-- r_SVV_MV_INFO. Every view is computed in full: state 0.
CREATE VIEW redshift_catalog.svv_mv_info AS
SELECT
    current_database()::char(128) AS database_name, n.nspname::char(128) AS schema_name,
    pg_catalog.pg_get_userbyid(c.relowner)::char(128) AS user_name, c.relname::char(128) AS name,
    CASE WHEN EXISTS (SELECT 1 FROM redshift_catalog.rs_stale s WHERE s.view = c.oid) THEN 't' ELSE 'f' END::char(1) AS is_stale, 0 AS state,
    'f'::char(1) AS autorewrite, CASE WHEN v.auto_refresh THEN 't' ELSE 'f' END::char(1) AS autorefresh
FROM pg_catalog.pg_class c
JOIN redshift_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN redshift_catalog.rs_materialized_view v ON v.relation = c.oid;

-- r_SVV_MV_DEPENDENCY: materialized views that stand on materialized views.
CREATE VIEW redshift_catalog.svv_mv_dependency AS
SELECT DISTINCT
    i.database_name, i.schema_name, i.name, o.database_name AS dependent_database_name, o.schema_name AS dependent_schema_name,
    o.name AS dependent_name
FROM pg_catalog.pg_rewrite r
JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid
    AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid <> r.ev_class
JOIN pg_catalog.pg_class ic ON ic.oid = r.ev_class
JOIN pg_catalog.pg_namespace ins ON ins.oid = ic.relnamespace
JOIN pg_catalog.pg_class oc ON oc.oid = d.refobjid
JOIN pg_catalog.pg_namespace ons ON ons.oid = oc.relnamespace
JOIN redshift_catalog.svv_mv_info i ON i.schema_name = ins.nspname AND i.name = ic.relname
JOIN redshift_catalog.svv_mv_info o ON o.schema_name = ons.nspname AND o.name = oc.relname;

-- Schemas, tables, columns and constraints as the leader's PG_* relations show them: PostgreSQL 8.0's columns and Redshift's own.
-- No row of these views is about redshift_catalog.
SET search_path = redshift_catalog, pg_catalog;

CREATE VIEW redshift_catalog.pg_namespace AS
SELECT n.oid, n.nspname, redshift_catalog.rs_user_id(n.nspowner) AS nspowner, redshift_catalog.rs_acl(n.nspacl) AS nspacl
FROM pg_catalog.pg_namespace n
WHERE n.nspname <> 'redshift_catalog' AND n.nspname NOT LIKE 'pg_toast%';

-- PostgreSQL's relations, and the table behind each materialized view, whose oid is that of the view's row type. The indexes
-- behind keys, and the sequences behind IDENTITY columns, do not exist on Redshift. A late-binding view has no columns of its own.
CREATE VIEW redshift_catalog.rs_relation AS
SELECT
    c.oid, c.oid AS source, c.relname, (CASE c.relkind WHEN 'm' THEN 'v' ELSE c.relkind END)::"char" AS relkind,
    CASE WHEN l.relation IS NULL THEN c.relnatts ELSE 0::smallint END AS relnatts
FROM pg_catalog.pg_class c
LEFT JOIN redshift_catalog.rs_late_binding_view l ON l.relation = c.oid
WHERE c.relkind NOT IN ('S', 'i')
UNION ALL
SELECT c.reltype, c.oid, ('mv_tbl__' || c.relname || '__0')::name, 'r', c.relnatts
FROM pg_catalog.pg_class c
WHERE c.relkind = 'm';

-- relfilenode is the oid, which r_DROP_TABLE's find_depend joins on.
CREATE VIEW redshift_catalog.pg_class AS
SELECT
    x.oid, x.relname, c.relnamespace, c.reltype, redshift_catalog.rs_user_id(c.relowner) AS relowner, c.relam,
    x.oid AS relfilenode, c.reltablespace, c.relpages, greatest(c.reltuples, 0::real) AS reltuples, c.reltoastrelid,
    0::oid AS reltoastidxid, c.relhasindex, c.relisshared, x.relkind, x.relnatts,
    0::oid AS relexternid, false AS relisreplicated, false AS relispinned,
    coalesce(t.diststyle, 0::smallint) AS reldiststyle,
    0::smallint AS relprojbaseid, c.relchecks, 0::smallint AS reltriggers, 0::smallint AS relukeys, 0::smallint AS relfkeys,
    0::smallint AS relrefs, false AS relhasoids,
    EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p') AS relhaspkey,
    c.relhasrules, c.relhassubclass, CASE WHEN x.oid = x.source THEN redshift_catalog.rs_acl(c.relacl) END AS relacl
FROM redshift_catalog.rs_relation x
JOIN pg_catalog.pg_class c ON c.oid = x.source
LEFT JOIN redshift_catalog.rs_table t ON t.relation = x.source AND x.relkind = 'r'
WHERE c.relnamespace IN (SELECT n.oid FROM redshift_catalog.pg_namespace n);

-- r_PG_CLASS_INFO: the oid is called reloid, and there is no other. AUTO is listed with what it amounts to now. A table begins as ALL (r_CREATE_TABLE_NEW).
CREATE VIEW redshift_catalog.pg_class_info AS
SELECT
    c.oid AS reloid,
    c.relname, c.relnamespace, c.reltype, c.relowner, c.relam, c.relfilenode, c.reltablespace, c.relpages, c.reltuples,
    c.reltoastrelid, c.reltoastidxid, c.relhasindex, c.relisshared, c.relkind, c.relnatts, c.relexternid, c.relisreplicated,
    c.relispinned, c.reldiststyle, c.relprojbaseid, c.relchecks, c.reltriggers, c.relukeys, c.relfkeys, c.relrefs, c.relhasoids,
    c.relhaspkey, c.relhasrules, c.relhassubclass, c.relacl,
    t.created AS relcreationtime,
    CASE
        WHEN c.reldiststyle <> 9 THEN c.reldiststyle
        WHEN EXISTS (SELECT 1 FROM redshift_catalog.rs_column k WHERE k.relation = x.source AND k.distkey) THEN 12
        WHEN redshift_catalog.rs_is_large(x.source) THEN 11
        ELSE 10
    END::smallint AS releffectivediststyle
FROM redshift_catalog.pg_class c
JOIN redshift_catalog.rs_relation x ON x.oid = c.oid
LEFT JOIN redshift_catalog.rs_table t ON t.relation = x.source;

-- The rule of a materialized view reads the table behind the view and nothing else (amazon-redshift-utils, issue 499).
CREATE VIEW redshift_catalog.pg_depend AS
WITH materialized AS (
    SELECT r.oid AS rule, m.oid, m.reltype
    FROM pg_catalog.pg_rewrite r
    JOIN pg_catalog.pg_class m ON m.oid = r.ev_class AND m.relkind = 'm'
)
SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
FROM pg_catalog.pg_depend d
LEFT JOIN materialized m ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND m.rule = d.objid
WHERE m.rule IS NULL OR (d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = m.oid)
UNION ALL
SELECT 'pg_catalog.pg_rewrite'::regclass, m.rule, 0, 'pg_catalog.pg_class'::regclass, m.reltype, 0, 'n'
FROM materialized m;

CREATE VIEW redshift_catalog.pg_attribute AS
SELECT
    r.oid AS attrelid, a.attname, a.atttypid, -1 AS attstattarget, a.attlen, a.attnum, a.attndims::integer AS attndims,
    -1 AS attcacheoff, a.atttypmod, a.attbyval, a.attstorage, a.attalign, a.attnotnull,
    (a.atthasdef OR a.attidentity <> '') AS atthasdef, a.attisdropped, a.attislocal, a.attinhcount::integer AS attinhcount,
    coalesce(x.distkey, false) AS attisdistkey, false AS attispreloaded, coalesce(x.sort_order, 0) AS attsortkeyord,
    coalesce(x.encoding, 0::smallint) AS attencodingtype, 0::smallint AS attencrypttype
FROM redshift_catalog.rs_attribute a
JOIN redshift_catalog.rs_relation r ON r.source = a.attrelid
LEFT JOIN redshift_catalog.rs_column x ON x.relation = a.attrelid AND x.number = a.attnum AND r.relkind = 'r'
WHERE r.oid IN (SELECT c.oid FROM redshift_catalog.pg_class c WHERE c.relnatts > 0);

CREATE VIEW redshift_catalog.pg_attribute_info AS
SELECT a.*, redshift_catalog.rs_acl(p.attacl) AS attacl
FROM redshift_catalog.pg_attribute a
LEFT JOIN pg_catalog.pg_attribute p ON p.attrelid = a.attrelid AND p.attnum = a.attnum;

-- An IDENTITY column's default names its table, its place from 0, and "seed,step"; GENERATED BY DEFAULT's, default_identity.
CREATE VIEW redshift_catalog.pg_attrdef AS
SELECT d.oid, d.adrelid, d.adnum, d.adbin::text AS adbin, redshift_catalog.rs_plain(pg_catalog.pg_get_expr(d.adbin, d.adrelid)) AS adsrc
FROM pg_catalog.pg_attrdef d
WHERE d.adrelid IN (SELECT c.oid FROM redshift_catalog.pg_class c)
UNION ALL
SELECT
    s.seqrelid, a.attrelid, a.attnum, NULL,
    CASE a.attidentity WHEN 'a' THEN '"identity"' ELSE 'default_identity' END
        || '(' || a.attrelid || ', ' || a.attnum - 1 || ', ''' || s.seqstart || ',' || s.seqincrement || '''::text)'
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
    AND d.classid = 'pg_catalog.pg_class'::regclass AND d.deptype = 'i'
JOIN pg_catalog.pg_sequence s ON s.seqrelid = d.objid
WHERE a.attidentity <> '';

-- NOT NULL is a column's flag on Redshift, not a constraint with a name.
CREATE VIEW redshift_catalog.pg_constraint AS
SELECT
    c.oid, c.conname, c.connamespace, c.contype, c.condeferrable, c.condeferred, c.conrelid, c.contypid, c.confrelid,
    c.confupdtype, c.confdeltype, c.confmatchtype, c.conkey, c.confkey, c.conbin::text AS conbin,
    pg_catalog.pg_get_expr(c.conbin, c.conrelid) AS consrc
FROM pg_catalog.pg_constraint c
WHERE c.contype IN ('p', 'u', 'f') AND c.connamespace IN (SELECT n.oid FROM redshift_catalog.pg_namespace n)
    AND c.connamespace <> 'pg_catalog'::regnamespace;

CREATE VIEW redshift_catalog.pg_tables AS
SELECT t.schemaname, t.tablename, t.tableowner, t.tablespace, false AS hasindexes, t.hasrules, false AS hastriggers
FROM pg_catalog.pg_tables t
WHERE t.schemaname <> 'redshift_catalog';

CREATE VIEW redshift_catalog.pg_views AS
SELECT
    n.nspname AS schemaname, c.relname AS viewname, pg_catalog.pg_get_userbyid(c.relowner) AS viewowner,
    redshift_catalog.pg_get_viewdef(c.oid) AS definition
FROM pg_catalog.pg_class c
JOIN redshift_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm');

-- r_PG_TABLE_DEF: only tables of the schemas in the search path.
CREATE VIEW redshift_catalog.pg_table_def AS
SELECT
    n.nspname AS schemaname, c.relname AS tablename, a.attname AS "column",
    redshift_catalog.format_type(a.atttypid, a.atttypmod) AS type,
    redshift_catalog.format_encoding(a.attencodingtype) AS encoding,
    a.attisdistkey AS distkey, a.attsortkeyord AS sortkey, a.attnotnull AS "notnull"
FROM redshift_catalog.pg_class c
JOIN redshift_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN redshift_catalog.pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname = ANY (pg_catalog.current_schemas(true));

-- Tables with BACKUP NO, as Redshift's own catalog keeps them.
CREATE VIEW redshift_catalog.pg_conf AS
SELECT
    'pg_class_backup_' || (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database()) || '_' || t.relation AS key,
    'NO'::text AS value
FROM redshift_catalog.rs_table t
WHERE NOT t.backup;

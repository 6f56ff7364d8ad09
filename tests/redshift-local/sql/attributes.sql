-- What Redshift keeps of tables, columns and views, and PostgreSQL has no place for. Transactional, like the objects.
SET search_path = pg_catalog;

-- diststyle: 0 EVEN, 1 KEY, 8 ALL, 9 AUTO (r_PG_CLASS_INFO). sort_style: compound, interleaved, auto or none. Materialized
-- views are among the relations: the attributes are those of the table behind each.
CREATE TABLE redshift_catalog.rs_table (
    relation oid PRIMARY KEY,
    diststyle smallint NOT NULL,
    sort_style text NOT NULL,
    encode_auto boolean NOT NULL,
    backup boolean NOT NULL,
    created timestamp NOT NULL DEFAULT (clock_timestamp() AT TIME ZONE 'UTC')
);

-- sort_order: the column's place in the sort key from 1, alternately negative in an interleaved key; 0 outside it.
-- collated: what COLLATE said; NULL where it said nothing, which is case_sensitive.
CREATE TABLE redshift_catalog.rs_column (
    relation oid,
    number smallint,
    distkey boolean NOT NULL,
    sort_order integer NOT NULL,
    encoding smallint NOT NULL,
    collated text,
    PRIMARY KEY (relation, number)
);

-- Columns of users' relations as Redshift has them: what an expression makes has PostgreSQL's type text, or VARCHAR without a length,
-- which no column of Redshift's has (r_Character_types). Redshift works a length out; the longest there is stands here for it.
CREATE VIEW redshift_catalog.rs_attribute AS
SELECT
    a.attrelid, a.attname, a.attnum, CASE WHEN x.endless THEN 'varchar'::regtype ELSE a.atttypid END::oid AS atttypid,
    CASE WHEN x.endless THEN 65535 + 4 ELSE a.atttypmod END AS atttypmod, a.attlen, a.attndims, a.attbyval, a.attstorage, a.attalign,
    a.attnotnull, a.atthasdef, a.attidentity, a.attisdropped, a.attislocal, a.attinhcount, a.attacl
FROM pg_catalog.pg_attribute a
CROSS JOIN LATERAL (
    -- The numbers below are those of PostgreSQL's own relations.
    SELECT a.attrelid >= 16384 AND (a.atttypid = 'text'::regtype OR a.atttypid = 'varchar'::regtype AND a.atttypmod = -1) AS endless
) x;

-- Materialized views: the statement that created each, as it was written.
CREATE TABLE redshift_catalog.rs_materialized_view (
    relation oid PRIMARY KEY,
    definition text NOT NULL,
    auto_refresh boolean NOT NULL,
    backup boolean NOT NULL
);

-- Base tables that changed since a materialized view was computed: the view is stale. Rows are added, never changed, so that
-- writers do not wait for one another.
CREATE TABLE redshift_catalog.rs_stale (
    view oid NOT NULL,
    base oid NOT NULL
);

-- Late-binding views: the statement that created each, its query for PostgreSQL and the names in that, what it found last, and how often
-- it has been bound: a statement binds a view once at most.
CREATE TABLE redshift_catalog.rs_late_binding_view (
    relation oid PRIMARY KEY,
    definition text NOT NULL,
    query text NOT NULL,
    words text[] NOT NULL,
    columns text NOT NULL,
    reads oid[] NOT NULL DEFAULT '{}',
    failure text,
    bindings integer NOT NULL DEFAULT 0
);

-- What r_CREATE_SCHEMA and r_CREATE_EXTERNAL_SCHEMA say of a schema. quota: in MB, NULL for UNLIMITED. external_kind: as in
-- r_SVV_EXTERNAL_SCHEMAS, NULL for a local schema.
CREATE TABLE redshift_catalog.rs_schema (
    schema oid PRIMARY KEY,
    quota integer,
    external_kind smallint,
    external_database text,
    external_options text
);

-- Routines' bodies as they were written, where PostgreSQL keeps other words (else NULL), and NONATOMIC.
CREATE TABLE redshift_catalog.rs_routine (
    routine oid PRIMARY KEY,
    source text,
    nonatomic boolean NOT NULL
);

-- Python libraries (r_CREATE_LIBRARY).
CREATE TABLE redshift_catalog.rs_library (
    name name PRIMARY KEY,
    owner oid NOT NULL,
    file_store_id integer GENERATED ALWAYS AS IDENTITY (START 2000)
);


-- What Redshift keeps of tables, columns, views and users, and PostgreSQL has no place for. Transactional, like the objects.
SET search_path = pg_catalog;

-- diststyle: 0 EVEN, 1 KEY, 8 ALL, 9 AUTO (r_PG_CLASS_INFO). sort_style: compound, interleaved or auto.
CREATE TABLE redshift_catalog.rs_table (
    relation oid PRIMARY KEY,
    diststyle smallint NOT NULL,
    sort_style text NOT NULL,
    encode_auto boolean NOT NULL,
    backup boolean NOT NULL,
    created timestamp NOT NULL DEFAULT (clock_timestamp() AT TIME ZONE 'UTC')
);

-- sort_order: the column's place in the sort key from 1, alternately negative in an interleaved key; 0 outside it.
CREATE TABLE redshift_catalog.rs_column (
    relation oid,
    number smallint,
    distkey boolean NOT NULL,
    sort_order integer NOT NULL,
    encoding smallint NOT NULL,
    PRIMARY KEY (relation, number)
);

-- Materialized views: the statement that created each, as it was written.
CREATE TABLE redshift_catalog.rs_materialized_view (
    relation oid PRIMARY KEY,
    definition text NOT NULL,
    auto_refresh boolean NOT NULL,
    backup boolean NOT NULL
);

-- Bodies of routines that PostgreSQL keeps in other words, as they were written.
CREATE TABLE redshift_catalog.rs_routine (
    routine oid PRIMARY KEY,
    source text NOT NULL
);

-- Users' options that roles lack (r_CREATE_USER). A session timeout of 0: none set.
CREATE TABLE redshift_catalog.rs_user (
    role oid PRIMARY KEY,
    syslog_unrestricted boolean NOT NULL DEFAULT false,
    session_timeout integer NOT NULL DEFAULT 0
);

-- Load errors, as SYS_LOAD_ERROR_DETAIL lists them, written by the transfer code outside the failed transaction.
CREATE TABLE redshift_catalog.rs_load_error (
    user_id integer,
    query_id bigint,
    table_id integer,
    start_time timestamp,
    session_id integer,
    transaction_id bigint,
    database_name text,
    file_name text,
    line_number bigint,
    column_name text,
    column_type text,
    column_length text,
    position integer,
    error_code integer,
    error_message text
);

-- Sets the options of CREATE USER and ALTER USER that roles lack; NULL leaves one as it is.
CREATE FUNCTION redshift_catalog.rs_set_user(name text, syslog_unrestricted boolean, session_timeout integer) RETURNS void
    LANGUAGE sql AS
$$
    INSERT INTO redshift_catalog.rs_user AS existing (role, syslog_unrestricted, session_timeout)
    SELECT r.oid, coalesce($2, false), coalesce($3, 0) FROM pg_catalog.pg_roles r WHERE r.rolname = $1
    ON CONFLICT (role) DO UPDATE SET
        syslog_unrestricted = coalesce($2, existing.syslog_unrestricted),
        session_timeout = coalesce($3, existing.session_timeout)
$$;

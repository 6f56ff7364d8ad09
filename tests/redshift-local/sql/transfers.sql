-- What UNLOAD and COPY did. The transfer code writes the tables over a connection of its own: they outlast a rollback.
SET search_path = redshift_catalog, pg_catalog;

CREATE SEQUENCE redshift_catalog.rs_query_id AS integer MINVALUE 100;

CREATE FUNCTION redshift_catalog.rs_now() RETURNS timestamp LANGUAGE sql VOLATILE AS $$ SELECT clock_timestamp() AT TIME ZONE 'UTC' $$;

-- table_name and table_id: of a COPY. files and bytes: read by a COPY, written by an UNLOAD.
CREATE TABLE redshift_catalog.rs_transfer (
    query_id bigint PRIMARY KEY DEFAULT nextval('redshift_catalog.rs_query_id'),
    user_id integer NOT NULL,
    transaction_id bigint NOT NULL,
    session_id integer NOT NULL,
    table_name text,
    table_id integer,
    location text NOT NULL,
    file_format text NOT NULL,
    compression text NOT NULL,
    status text NOT NULL DEFAULT 'running',
    start_time timestamp NOT NULL DEFAULT redshift_catalog.rs_now(),
    end_time timestamp,
    loaded bigint NOT NULL DEFAULT 0,
    files integer NOT NULL,
    bytes bigint NOT NULL,
    errors bigint NOT NULL DEFAULT 0,
    error_message text
);

CREATE TABLE redshift_catalog.rs_load_error (
    query_id bigint NOT NULL,
    file_name text NOT NULL,
    line_number bigint NOT NULL,
    column_name text NOT NULL,
    column_type text NOT NULL,
    column_length text NOT NULL,
    error_code integer NOT NULL,
    error_message text NOT NULL
);

CREATE TABLE redshift_catalog.rs_unloaded_file (
    query_id bigint NOT NULL,
    path text NOT NULL,
    rows bigint NOT NULL,
    bytes bigint NOT NULL
);

-- c_visibility-of-data: superusers see all rows, others their own. Views call it as their reader.
CREATE FUNCTION redshift_catalog.rs_sees(user_id integer) RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT r.rolsuper OR r.oid = $1::oid FROM pg_catalog.pg_roles r WHERE r.rolname = current_user $$;

-- SYS_LOAD_HISTORY. The bytes loaded are not counted apart from those read.
CREATE VIEW redshift_catalog.sys_load_history AS
SELECT
    user_id, query_id, transaction_id, session_id, current_database()::text AS database_name, status, table_name, start_time, end_time,
    (extract(epoch FROM coalesce(end_time, redshift_catalog.rs_now()) - start_time) * 1000000)::bigint AS duration,
    location AS data_source, file_format, loaded AS loaded_rows, bytes AS loaded_bytes, files AS source_file_count,
    bytes AS source_file_bytes, files AS file_count_scanned, bytes AS file_bytes_scanned, errors AS error_count, 0::bigint AS copy_job_id
FROM redshift_catalog.rs_transfer
WHERE table_name IS NOT NULL AND redshift_catalog.rs_sees(user_id);

-- SYS_LOAD_ERROR_DETAIL. The position within the field is not known.
CREATE VIEW redshift_catalog.sys_load_error_detail AS
SELECT
    t.user_id, t.query_id, t.transaction_id, t.session_id, current_database()::char(64) AS database_name, t.table_id, t.start_time,
    e.file_name::char(256) AS file_name, e.line_number, e.column_name::char(127) AS column_name, e.column_type::char(10) AS column_type,
    e.column_length::char(10) AS column_length, 0 AS position, e.error_code, e.error_message::char(512) AS error_message
FROM redshift_catalog.rs_load_error e
JOIN redshift_catalog.rs_transfer t ON t.query_id = e.query_id
WHERE redshift_catalog.rs_sees(t.user_id);

-- SYS_UNLOAD_HISTORY
CREATE VIEW redshift_catalog.sys_unload_history AS
SELECT
    user_id, query_id, transaction_id, session_id, current_database()::text AS database_name, status, start_time, end_time,
    (extract(epoch FROM coalesce(end_time, redshift_catalog.rs_now()) - start_time) * 1000000)::bigint AS duration,
    file_format, compression AS compression_type, location AS unloaded_location, loaded AS unloaded_rows,
    files::bigint AS unloaded_files_count, bytes AS unloaded_files_size, error_message
FROM redshift_catalog.rs_transfer
WHERE table_name IS NULL AND redshift_catalog.rs_sees(user_id);

-- SYS_UNLOAD_DETAIL
CREATE VIEW redshift_catalog.sys_unload_detail AS
SELECT
    t.user_id, t.query_id::integer AS query_id, t.session_id, t.transaction_id, f.path::char(1280) AS file_name, t.start_time, t.end_time,
    f.rows AS line_count, f.bytes AS transfer_size, t.file_format::char(10) AS file_format
FROM redshift_catalog.rs_unloaded_file f
JOIN redshift_catalog.rs_transfer t ON t.query_id = f.query_id
WHERE redshift_catalog.rs_sees(t.user_id);

-- What a session remembers of its last transfer is the current value of a sequence: of the session alone, and untouched by the end of
-- a transaction. PG_LAST_COPY_ID names the load that failed, too, whose transaction cannot be anything but rolled back.
CREATE SEQUENCE redshift_catalog.rs_last_copy_id MINVALUE -1;
CREATE SEQUENCE redshift_catalog.rs_last_copy_count MINVALUE -1;
CREATE SEQUENCE redshift_catalog.rs_last_unload_id MINVALUE -1;
CREATE SEQUENCE redshift_catalog.rs_last_unload_count MINVALUE -1;
CREATE SEQUENCE redshift_catalog.rs_last_query_id MINVALUE -1;

CREATE FUNCTION redshift_catalog.rs_remember(text, bigint) RETURNS bigint LANGUAGE sql VOLATILE SECURITY DEFINER AS
    $$ SELECT setval('redshift_catalog.rs_' || $1, $2) $$;

CREATE FUNCTION redshift_catalog.rs_remembered(text, otherwise bigint) RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS
$$
BEGIN
    RETURN currval('redshift_catalog.rs_' || $1);
EXCEPTION WHEN object_not_in_prerequisite_state THEN
    RETURN otherwise;
END
$$;

-- PG_LAST_COPY_ID, PG_LAST_COPY_COUNT, PG_LAST_UNLOAD_ID, PG_LAST_UNLOAD_COUNT
CREATE FUNCTION redshift_catalog.pg_last_copy_id() RETURNS integer LANGUAGE sql VOLATILE AS
    $$ SELECT redshift_catalog.rs_remembered('last_copy_id', -1)::integer $$;
CREATE FUNCTION redshift_catalog.pg_last_copy_count() RETURNS bigint LANGUAGE sql VOLATILE AS
    $$ SELECT redshift_catalog.rs_remembered('last_copy_count', 0) $$;
CREATE FUNCTION redshift_catalog.pg_last_unload_id() RETURNS integer LANGUAGE sql VOLATILE AS
    $$ SELECT redshift_catalog.rs_remembered('last_unload_id', -1)::integer $$;
CREATE FUNCTION redshift_catalog.pg_last_unload_count() RETURNS bigint LANGUAGE sql VOLATILE AS
    $$ SELECT redshift_catalog.rs_remembered('last_unload_count', 0) $$;

-- PG_LAST_QUERY_ID: only COPY and UNLOAD have ids here.
CREATE FUNCTION redshift_catalog.pg_last_query_id() RETURNS integer LANGUAGE sql VOLATILE AS
    $$ SELECT redshift_catalog.rs_remembered('last_query_id', -1)::integer $$;

-- copy-parameters-data-load, COMPUPDATE: the encodings that PRESET gives, which are CREATE TABLE's defaults; ON, which looks at the data,
-- gives the same here. unless_given: only if no column has another encoding than RAW.
CREATE FUNCTION redshift_catalog.rs_choose_encodings(relation oid, unless_given boolean) RETURNS void LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = pg_catalog AS
$$
    UPDATE redshift_catalog.rs_column c
    SET encoding = redshift_catalog.rs_encoding_number(redshift_catalog.rs_default_encoding(a.atttypid, c.sort_order <> 0, false))
    FROM pg_catalog.pg_attribute a
    WHERE c.relation = $1 AND a.attrelid = c.relation AND a.attnum = c.number
        AND NOT (unless_given AND EXISTS (SELECT 1 FROM redshift_catalog.rs_column o WHERE o.relation = $1 AND o.encoding <> 0))
$$;

-- Functions of Redshift's that users' SQL may call. Catalog functions are in catalog_functions.sql.
-- Bodies use E'' for a backslash, since sessions run with standard_conforming_strings off.
SET search_path = redshift_catalog, pg_catalog;

-- The text after "PostgreSQL 8.0.2" is what drivers parse (r_VERSION).
CREATE FUNCTION redshift_catalog.version() RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.63269'::text $$;

-- r_GETDATE, r_SYSDATE: UTC, without a zone; getdate has no fractions of a second.
CREATE FUNCTION redshift_catalog.getdate() RETURNS timestamp LANGUAGE sql STABLE AS
    $$ SELECT date_trunc('second', clock_timestamp() AT TIME ZONE 'UTC')::timestamp $$;
CREATE FUNCTION redshift_catalog.sysdate() RETURNS timestamp LANGUAGE sql STABLE AS
    $$ SELECT (now() AT TIME ZONE 'UTC')::timestamp $$;

-- r_LEN, r_CHARINDEX
CREATE FUNCTION redshift_catalog.len(text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT length($1) $$;
CREATE FUNCTION redshift_catalog.charindex(text, text) RETURNS integer LANGUAGE sql IMMUTABLE AS
    $$ SELECT position($1 IN $2) $$;

-- r_ROUND, r_TRUNC on floating-point numbers and timestamps, which PostgreSQL lacks
CREATE FUNCTION redshift_catalog.round(double precision, integer) RETURNS double precision LANGUAGE sql IMMUTABLE AS
    $$ SELECT pg_catalog.round($1::numeric, $2)::double precision $$;
CREATE FUNCTION redshift_catalog.trunc(timestamp) RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT $1::date $$;

-- r_CONVERT_TIMEZONE
CREATE FUNCTION redshift_catalog.convert_timezone(text, timestamp) RETURNS timestamp LANGUAGE sql STABLE AS
    $$ SELECT ($2 AT TIME ZONE 'UTC') AT TIME ZONE $1 $$;
CREATE FUNCTION redshift_catalog.convert_timezone(text, text, timestamp) RETURNS timestamp LANGUAGE sql STABLE AS
    $$ SELECT ($3 AT TIME ZONE $1) AT TIME ZONE $2 $$;

-- JSON_PARSE, JSON_SERIALIZE, r_JSON_EXTRACT_PATH_TEXT (a path that is not there gives '')
CREATE FUNCTION redshift_catalog.json_parse(text) RETURNS redshift_catalog.super LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT $1::json::redshift_catalog.super $$;
CREATE FUNCTION redshift_catalog.json_typeof(redshift_catalog.super) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT pg_catalog.json_typeof($1::json) $$;
CREATE FUNCTION redshift_catalog.json_serialize(redshift_catalog.super) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT $1::json::text $$;
CREATE FUNCTION redshift_catalog.json_extract_path_text(text, VARIADIC text[]) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT coalesce($1::json #>> $2, '') $$;

-- pg_last_copy_count, pg_last_copy_id, pg_last_unload_count: of this session, set by the transfer code.
CREATE FUNCTION redshift_catalog.rs_session_number(text, bigint) RETURNS bigint LANGUAGE sql STABLE AS
    $$ SELECT coalesce(nullif(pg_catalog.current_setting('rs.' || $1, true), '')::bigint, $2) $$;
CREATE FUNCTION redshift_catalog.pg_last_copy_count() RETURNS bigint LANGUAGE sql STABLE AS
    $$ SELECT redshift_catalog.rs_session_number('last_copy_count', 0) $$;
CREATE FUNCTION redshift_catalog.pg_last_copy_id() RETURNS integer LANGUAGE sql STABLE AS
    $$ SELECT redshift_catalog.rs_session_number('last_copy_id', -1)::integer $$;
CREATE FUNCTION redshift_catalog.pg_last_unload_count() RETURNS bigint LANGUAGE sql STABLE AS
    $$ SELECT redshift_catalog.rs_session_number('last_unload_count', 0) $$;
CREATE FUNCTION redshift_catalog.pg_last_query_id() RETURNS integer LANGUAGE sql STABLE AS
    $$ SELECT redshift_catalog.rs_session_number('last_query_id', -1)::integer $$;

-- r_FROM_HEX, r_TO_HEX, r_TO_VARBYTE, r_FROM_VARBYTE: bytes out of text and back, in hexadecimal or UTF-8.
CREATE FUNCTION redshift_catalog.from_hex(text) RETURNS redshift_catalog.varbyte LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT decode($1, 'hex')::redshift_catalog.varbyte $$;
CREATE FUNCTION redshift_catalog.to_hex(redshift_catalog.varbyte) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT encode($1::bytea, 'hex') $$;
CREATE FUNCTION redshift_catalog.to_varbyte(text, text) RETURNS redshift_catalog.varbyte LANGUAGE sql IMMUTABLE STRICT AS
$$
    SELECT CASE WHEN lower($2) = 'hex' THEN decode($1, 'hex') WHEN lower($2) IN ('utf8', 'utf-8') THEN convert_to($1, 'UTF8') END
        ::redshift_catalog.varbyte
$$;
CREATE FUNCTION redshift_catalog.from_varbyte(redshift_catalog.varbyte, text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
$$
    SELECT CASE WHEN lower($2) = 'hex' THEN encode($1::bytea, 'hex') WHEN lower($2) IN ('utf8', 'utf-8') THEN convert_from($1::bytea, 'UTF8') END
$$;

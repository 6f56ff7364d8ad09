-- Types that PostgreSQL lacks: base types over PostgreSQL's own input and output functions.
SET search_path = pg_catalog;

-- Drivers know the types by their numbers (redshift_connector, utils/oids.py). A type without functions gets its number, before anything
-- refers to it.
CREATE TYPE redshift_catalog.super;
CREATE TYPE redshift_catalog.varbyte;
CREATE TYPE redshift_catalog.geometry;
CREATE TYPE redshift_catalog.geography;
DO
$$
DECLARE
    name text;
    given oid;
    number oid;
BEGIN
    FOR name, number IN VALUES ('super', 4000::oid), ('varbyte', 6551), ('geometry', 3000), ('geography', 3001) LOOP
        given := (SELECT t.oid FROM pg_type t WHERE t.typname = name AND t.typnamespace = 'redshift_catalog'::regnamespace);
        UPDATE pg_type SET oid = number WHERE oid = given;
        UPDATE pg_depend SET objid = number WHERE classid = 'pg_type'::regclass AND objid = given;
        UPDATE pg_shdepend SET objid = number WHERE classid = 'pg_type'::regclass AND objid = given;
    END LOOP;
END
$$;

-- r_SUPER_type: semi-structured values. The text is kept as it came, as JSON keeps it.
CREATE FUNCTION redshift_catalog.super_in(cstring) RETURNS redshift_catalog.super
    LANGUAGE internal IMMUTABLE STRICT AS 'json_in';
CREATE FUNCTION redshift_catalog.super_out(redshift_catalog.super) RETURNS cstring
    LANGUAGE internal IMMUTABLE STRICT AS 'json_out';
CREATE FUNCTION redshift_catalog.super_recv(internal) RETURNS redshift_catalog.super
    LANGUAGE internal IMMUTABLE STRICT AS 'json_recv';
CREATE FUNCTION redshift_catalog.super_send(redshift_catalog.super) RETURNS bytea
    LANGUAGE internal IMMUTABLE STRICT AS 'json_send';
CREATE TYPE redshift_catalog.super (
    INPUT = redshift_catalog.super_in, OUTPUT = redshift_catalog.super_out,
    RECEIVE = redshift_catalog.super_recv, SEND = redshift_catalog.super_send, LIKE = json);
CREATE CAST (json AS redshift_catalog.super) WITHOUT FUNCTION AS ASSIGNMENT;
CREATE CAST (redshift_catalog.super AS json) WITHOUT FUNCTION AS ASSIGNMENT;

-- r_VARBYTE_type. The length is kept and listed, not enforced.
CREATE FUNCTION redshift_catalog.varbyte_in(cstring) RETURNS redshift_catalog.varbyte
    LANGUAGE internal IMMUTABLE STRICT AS 'byteain';
CREATE FUNCTION redshift_catalog.varbyte_out(redshift_catalog.varbyte) RETURNS cstring
    LANGUAGE internal IMMUTABLE STRICT AS 'byteaout';
CREATE FUNCTION redshift_catalog.varbyte_recv(internal) RETURNS redshift_catalog.varbyte
    LANGUAGE internal IMMUTABLE STRICT AS 'bytearecv';
CREATE FUNCTION redshift_catalog.varbyte_send(redshift_catalog.varbyte) RETURNS bytea
    LANGUAGE internal IMMUTABLE STRICT AS 'byteasend';
CREATE FUNCTION redshift_catalog.varbyte_typmod_in(cstring[]) RETURNS integer
    LANGUAGE internal IMMUTABLE STRICT AS 'varbittypmodin';
CREATE FUNCTION redshift_catalog.varbyte_typmod_out(integer) RETURNS cstring
    LANGUAGE internal IMMUTABLE STRICT AS 'varbittypmodout';
CREATE TYPE redshift_catalog.varbyte (
    INPUT = redshift_catalog.varbyte_in, OUTPUT = redshift_catalog.varbyte_out,
    RECEIVE = redshift_catalog.varbyte_recv, SEND = redshift_catalog.varbyte_send,
    TYPMOD_IN = redshift_catalog.varbyte_typmod_in, TYPMOD_OUT = redshift_catalog.varbyte_typmod_out, LIKE = bytea);
CREATE CAST (bytea AS redshift_catalog.varbyte) WITHOUT FUNCTION AS ASSIGNMENT;
CREATE CAST (redshift_catalog.varbyte AS bytea) WITHOUT FUNCTION AS ASSIGNMENT;

-- r_VARBYTE_OPERATORS: those that compare.
DO $$
DECLARE
    sign text;
    function text;
BEGIN
    FOR sign, function IN VALUES ('=', 'byteaeq'), ('<>', 'byteane'), ('<', 'bytealt'), ('<=', 'byteale'), ('>', 'byteagt'), ('>=', 'byteage') LOOP
        EXECUTE pg_catalog.format('CREATE FUNCTION redshift_catalog.rs_varbyte_%s(redshift_catalog.varbyte, redshift_catalog.varbyte)
            RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS %L', pg_catalog.substr(function, 6), function);
        EXECUTE pg_catalog.format('CREATE OPERATOR redshift_catalog.%s (LEFTARG = redshift_catalog.varbyte,
            RIGHTARG = redshift_catalog.varbyte, FUNCTION = redshift_catalog.rs_varbyte_%s)', sign, pg_catalog.substr(function, 6));
    END LOOP;
END
$$;

-- r_HLLSKTECH_type, geospatial-overview: stored and listed, without their functions.
CREATE FUNCTION redshift_catalog.hllsketch_in(cstring) RETURNS redshift_catalog.hllsketch
    LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION redshift_catalog.hllsketch_out(redshift_catalog.hllsketch) RETURNS cstring
    LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE redshift_catalog.hllsketch (
    INPUT = redshift_catalog.hllsketch_in, OUTPUT = redshift_catalog.hllsketch_out, LIKE = text);
CREATE FUNCTION redshift_catalog.geometry_in(cstring) RETURNS redshift_catalog.geometry
    LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION redshift_catalog.geometry_out(redshift_catalog.geometry) RETURNS cstring
    LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE redshift_catalog.geometry (
    INPUT = redshift_catalog.geometry_in, OUTPUT = redshift_catalog.geometry_out, LIKE = text);
CREATE FUNCTION redshift_catalog.geography_in(cstring) RETURNS redshift_catalog.geography
    LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION redshift_catalog.geography_out(redshift_catalog.geography) RETURNS cstring
    LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE redshift_catalog.geography (
    INPUT = redshift_catalog.geography_in, OUTPUT = redshift_catalog.geography_out, LIKE = text);

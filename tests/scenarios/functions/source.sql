-- SQL functions: overloads, every volatility, types with a length, bodies with quotes of all kinds, functions that call others by
-- bare and full names, in an order other than that of their names, and a view that calls one.
-- r_CREATE_FUNCTION, udf-creating-a-scalar-sql-udf, udf-naming-udfs.

SET enable_case_sensitive_identifier TO true;
CREATE USER ann PASSWORD DISABLE;
CREATE USER bob PASSWORD DISABLE;
CREATE SCHEMA shop AUTHORIZATION ann;
CREATE SCHEMA "Other Shop" AUTHORIZATION bob;
CREATE TABLE shop.orders (id INTEGER ENCODE az64, note VARCHAR(20) ENCODE lzo) DISTSTYLE EVEN;

CREATE FUNCTION shop.z_first (INTEGER) RETURNS INTEGER IMMUTABLE AS $$ SELECT 2 * $1 $$ LANGUAGE sql;
CREATE FUNCTION shop.z_first (VARCHAR(10)) RETURNS VARCHAR(30) STABLE
    AS $$ SELECT $1 || ' it''s \\ "z_first"(' || '$' || '$' $$ LANGUAGE sql;
CREATE FUNCTION shop.m_second (NUMERIC(10, 2), DATE) RETURNS NUMERIC(12, 2) VOLATILE
    AS $body$ SELECT $1 * shop.z_first(EXTRACT(day FROM $2)::INTEGER) $body$ LANGUAGE sql;
SET search_path TO shop;
CREATE FUNCTION shop.a_third (INTEGER) RETURNS INTEGER STABLE
    AS $$ SELECT z_first($1) /* m_second( */ + LEN('a_third(') $$ LANGUAGE sql;
CREATE FUNCTION "Other Shop"."Fourth, ""quoted""" () RETURNS INTEGER STABLE AS $$ SELECT shop.a_third(1) $$ LANGUAGE sql;
RESET search_path;
CREATE VIEW shop.doubled AS SELECT shop.a_third(id) AS twice, shop.z_first(note) AS note FROM shop.orders;

ALTER FUNCTION shop.z_first (INTEGER) OWNER TO ann;
ALTER FUNCTION shop.m_second (NUMERIC, DATE) OWNER TO bob;
REVOKE EXECUTE ON FUNCTION shop.z_first (INTEGER) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION shop.z_first (INTEGER) TO bob WITH GRANT OPTION;

-- Operators that Redshift has on texts beside PostgreSQL's.
SET search_path = pg_catalog;

-- + joins texts as || does: no page says so, AWS's own views do (amazon-redshift-utils, AdminViews).
CREATE FUNCTION redshift_catalog.rs_join(text, text) RETURNS text LANGUAGE internal IMMUTABLE STRICT AS 'textcat';
CREATE OPERATOR redshift_catalog.+ (LEFTARG = text, RIGHTARG = text, FUNCTION = redshift_catalog.rs_join);

-- c_Supported_data_types, r_Type_conversion: beside a text a DECIMAL compares as a number, every other number as a text. An OID does as well,
-- by PostgreSQL 8.0's cast.
DO
$do$
DECLARE
    type text;
    sign text;
    name text;
BEGIN
    FOREACH type IN ARRAY '{smallint,integer,bigint,real,double precision,oid,numeric}'::text[] LOOP
        FOR sign, name IN VALUES ('=', 'eq'), ('<>', 'ne'), ('<', 'lt'), ('<=', 'le'), ('>', 'gt'), ('>=', 'ge') LOOP
            EXECUTE format('CREATE FUNCTION redshift_catalog.rs_text_%1$s(text, %2$s) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS
                $$ SELECT $1::%3$s OPERATOR(pg_catalog.%4$s) $2::%3$s $$', name, type, CASE type WHEN 'numeric' THEN type ELSE 'text' END, sign);
            EXECUTE format('CREATE FUNCTION redshift_catalog.rs_text_%1$s(%2$s, text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS
                $$ SELECT $1::%3$s OPERATOR(pg_catalog.%4$s) $2::%3$s $$', name, type, CASE type WHEN 'numeric' THEN type ELSE 'text' END, sign);
            EXECUTE format('CREATE OPERATOR redshift_catalog.%s (LEFTARG = text, RIGHTARG = %s, FUNCTION = redshift_catalog.rs_text_%s)',
                sign, type, name);
            EXECUTE format('CREATE OPERATOR redshift_catalog.%s (LEFTARG = %s, RIGHTARG = text, FUNCTION = redshift_catalog.rs_text_%s)',
                sign, type, name);
        END LOOP;
    END LOOP;
END
$do$;

-- PostgreSQL 8.0's cast of an OID to text, where TRIM asks for it.
CREATE FUNCTION pg_catalog.btrim(oid) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT $1::text $$;

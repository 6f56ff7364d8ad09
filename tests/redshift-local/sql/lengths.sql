-- Lengths are bytes (r_Character_types): what PostgreSQL calls where a value goes into a VARCHAR, CHAR or VARBYTE of a length, in an assignment
-- or a cast. Loaded last: the views of the catalog keep PostgreSQL's own functions. COPY has its checks in transfer/value.rs.
SET search_path = pg_catalog;

-- A text cut to at most so many bytes, at the end of a character.
CREATE FUNCTION redshift_catalog.rs_cut(value text, bytes integer) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS
$$
DECLARE
    encoded CONSTANT bytea := convert_to(value, 'UTF8');
    kept integer := bytes;
BEGIN
    WHILE kept > 0 AND kept < length(encoded) AND (get_byte(encoded, kept) & 192) = 128 LOOP
        kept := kept - 1;
    END LOOP;
    RETURN convert_from(substr(encoded, 1, kept), 'UTF8');
END
$$;

-- What is too long: a cast cuts it, an assignment cuts blanks alone.
CREATE FUNCTION redshift_catalog.rs_fit_varchar(value varchar, bytes integer, is_cast boolean) RETURNS varchar LANGUAGE plpgsql IMMUTABLE STRICT AS
$$
DECLARE
    kept CONSTANT text := redshift_catalog.rs_cut(value, bytes);
BEGIN
    IF NOT is_cast AND rtrim(substr(value, length(kept) + 1), ' ') <> '' THEN
        RAISE EXCEPTION USING ERRCODE = '22001', MESSAGE = format('value too long for type character varying(%s)', bytes);
    END IF;
    RETURN kept;
END
$$;
CREATE FUNCTION redshift_catalog.rs_varchar(varchar, integer, boolean) RETURNS varchar LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT CASE WHEN octet_length($1) <= $2 - 4 OR $2 < 4 THEN $1 ELSE redshift_catalog.rs_fit_varchar($1, $2 - 4, $3) END $$;

-- A CHAR holds ASCII alone. The words are those that Trino's tests of its Redshift connector meet. With an argument, so that the planner
-- does not call it beforehand.
CREATE FUNCTION redshift_catalog.rs_refuse_multi_byte(bpchar) RETURNS bpchar LANGUAGE plpgsql IMMUTABLE AS
$$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '22021', MESSAGE = 'CHAR string contains invalid ASCII character';
END
$$;
CREATE FUNCTION redshift_catalog.rs_char(bpchar, integer, boolean) RETURNS bpchar LANGUAGE sql IMMUTABLE STRICT AS
$$
    SELECT CASE WHEN octet_length($1::text) = char_length($1::text) THEN pg_catalog.bpchar($1, $2, $3)
        ELSE redshift_catalog.rs_refuse_multi_byte($1) END
$$;

UPDATE pg_cast SET castfunc = 'redshift_catalog.rs_varchar(varchar, integer, boolean)'::regprocedure
WHERE castsource = 'varchar'::regtype AND casttarget = 'varchar'::regtype;
UPDATE pg_cast SET castfunc = 'redshift_catalog.rs_char(bpchar, integer, boolean)'::regprocedure
WHERE castsource = 'bpchar'::regtype AND casttarget = 'bpchar'::regtype;

-- r_VARBYTE_type: a limit in bytes. No page says how a longer value is refused.
CREATE FUNCTION redshift_catalog.rs_varbyte(redshift_catalog.varbyte, integer, boolean) RETURNS redshift_catalog.varbyte
    LANGUAGE plpgsql IMMUTABLE STRICT AS
$$
BEGIN
    IF length($1::bytea) <= $2 OR $2 < 1 THEN
        RETURN $1;
    ELSIF $3 THEN
        RETURN substr($1::bytea, 1, $2)::redshift_catalog.varbyte;
    END IF;
    RAISE EXCEPTION USING ERRCODE = '22001', MESSAGE = format('value too long for type binary varying(%s)', $2);
END
$$;
CREATE CAST (redshift_catalog.varbyte AS redshift_catalog.varbyte)
    WITH FUNCTION redshift_catalog.rs_varbyte(redshift_catalog.varbyte, integer, boolean) AS IMPLICIT;

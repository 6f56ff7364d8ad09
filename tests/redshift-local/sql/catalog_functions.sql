-- Functions that the catalog views stand on, and Redshift's answers where PostgreSQL's functions say something else.
SET search_path = redshift_catalog, pg_catalog;

-- r_FORMAT_ENCODING is undocumented; the names are those of c_Compression_encodings, and "none" for raw, as PG_TABLE_DEF prints it.
CREATE FUNCTION redshift_catalog.format_encoding(integer) RETURNS text LANGUAGE sql IMMUTABLE AS
$$
    SELECT (ARRAY['none', 'bytedict', 'delta', 'delta32k', 'lzo', 'mostly8', 'mostly16', 'mostly32', 'runlength', 'text255', 'text32k',
        'zstd', 'az64'])[$1 + 1]
$$;

-- Redshift's own types by their plain names; VARBYTE prints as "binary varying(n)".
CREATE FUNCTION redshift_catalog.format_type(type oid, modifier integer) RETURNS text LANGUAGE sql STABLE AS
$$
    SELECT CASE WHEN $1 = 'redshift_catalog.varbyte'::regtype
        THEN 'binary varying' || CASE WHEN $2 > 0 THEN '(' || $2 || ')' ELSE '' END
        ELSE replace(pg_catalog.format_type($1, $2), 'redshift_catalog.', '') END
$$;
CREATE FUNCTION redshift_catalog.oidvectortypes(oidvector) RETURNS text LANGUAGE sql STABLE AS
$$
    SELECT coalesce(string_agg(redshift_catalog.format_type(type, NULL), ', ' ORDER BY place), '')
    FROM unnest($1::oid[]) WITH ORDINALITY t (type, place)
$$;

-- Text out of PostgreSQL's deparser, without the name of the compatibility schema. SYSDATE is a function here, but takes no
-- parentheses on Redshift (r_SYSDATE).
CREATE FUNCTION redshift_catalog.rs_plain(text) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT replace(replace($1, 'redshift_catalog.', ''), 'sysdate()', 'sysdate') $$;

-- A materialized view's definition is the statement that created it; a view's is its SELECT (r_PG_GET_VIEWDEF, r_SHOW_VIEW).
CREATE FUNCTION redshift_catalog.pg_get_viewdef(oid) RETURNS text LANGUAGE sql STABLE AS
$$
    SELECT coalesce((SELECT m.definition FROM redshift_catalog.rs_materialized_view m WHERE m.relation = $1),
        redshift_catalog.rs_plain(ltrim(pg_catalog.pg_get_viewdef($1))))
$$;
CREATE FUNCTION redshift_catalog.pg_get_viewdef(oid, boolean) RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT redshift_catalog.pg_get_viewdef($1) $$;
CREATE FUNCTION redshift_catalog.pg_get_viewdef(text) RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT redshift_catalog.pg_get_viewdef($1::regclass::oid) $$;
CREATE FUNCTION redshift_catalog.pg_get_viewdef(text, boolean) RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT redshift_catalog.pg_get_viewdef($1::regclass::oid) $$;

CREATE FUNCTION redshift_catalog.pg_get_constraintdef(oid) RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT replace(pg_catalog.pg_get_constraintdef($1), ' NOT ENFORCED', '') $$;
CREATE FUNCTION redshift_catalog.pg_get_constraintdef(oid, boolean) RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT redshift_catalog.pg_get_constraintdef($1) $$;

-- The session's search path without the tail that every session has.
CREATE FUNCTION redshift_catalog.rs_hide_tail(text) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT regexp_replace($1, '(, )?redshift_catalog, pg_catalog$', '') $$;
CREATE FUNCTION redshift_catalog.current_schemas(boolean) RETURNS name[] LANGUAGE sql STABLE AS
    $$ SELECT array_remove(pg_catalog.current_schemas($1), 'redshift_catalog') $$;

-- Settings that PostgreSQL lacks are kept under the prefix "rs.": see statement/set_parameter.rs.
CREATE FUNCTION redshift_catalog.current_setting(text) RETURNS text LANGUAGE sql STABLE AS
$$
    SELECT CASE WHEN lower($1) = 'search_path' THEN redshift_catalog.rs_hide_tail(pg_catalog.current_setting('search_path'))
        ELSE coalesce(pg_catalog.current_setting('rs.' || $1, true), pg_catalog.current_setting($1)) END
$$;

-- Functions that the catalog views stand on, and Redshift's answers where PostgreSQL's functions say something else.
SET search_path = redshift_catalog, pg_catalog;

-- r_FORMAT_ENCODING is undocumented; the names are those of c_Compression_encodings, and "none" for raw, as PG_TABLE_DEF prints it.
CREATE FUNCTION redshift_catalog.format_encoding(integer) RETURNS text LANGUAGE sql IMMUTABLE AS
$$
    SELECT (ARRAY['none', 'bytedict', 'delta', 'delta32k', 'lzo', 'mostly8', 'mostly16', 'mostly32', 'runlength', 'text255', 'text32k',
        'zstd', 'az64'])[$1 + 1]
$$;

-- r_DB_COLLATION. CREATE DATABASE is refused, so that it is always the default.
CREATE FUNCTION redshift_catalog.db_collation() RETURNS varchar LANGUAGE sql STABLE AS $$ SELECT 'case_sensitive'::varchar $$;

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

-- Text out of PostgreSQL's deparser in Redshift's words, so that it creates again what it came from: no name of the compatibility
-- schema, SYSDATE without parentheses (r_SYSDATE), and what PostgreSQL alone would write for IN, SIMILAR TO, LISTAGG … WITHIN GROUP,
-- APPROXIMATE COUNT, paths into SUPER values and unnesting. Literals and quoted names are taken out first and put back last, so that none is changed.
CREATE FUNCTION redshift_catalog.rs_plain(deparsed text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS
$$
DECLARE
    quoted CONSTANT text := E'\'(?:[^\'\\\\]|\'\'|\\\\.)*\'|"(?:[^"]|"")*"';
    elements CONSTANT text := E'\\(\\(?ARRAY\\[([^][]*)\\](?:\\)::[a-z ]+\\[\\])?\\)';
    one_deep CONSTANT text := E'(?:[^()]|\\((?:[^()]|\\((?:[^()]|\\([^()]*\\))*\\))*\\))*?';
    path CONSTANT text := E'((?:"(?:[^"]|"")+"|[a-z0-9_$.]|\\[[^]]*\\])+)';
    step text;
    alias text;
    literals text[];
    plain text := deparsed;
BEGIN
    IF plain !~ E'redshift_catalog|sysdate|ARRAY\\[|similar_to_escape|listagg|rs_' THEN
        RETURN plain;
    END IF;
    WHILE step IS DISTINCT FROM plain LOOP
        step := plain;
        plain := regexp_replace(plain, E'(?:redshift_catalog\\.)?rs_get\\(' || path || E', \'([a-z_][a-z0-9_$]*)\'::text\\)', E'\\1.\\2', 'g');
        plain := regexp_replace(plain, E'(?:redshift_catalog\\.)?rs_get\\(' || path || E', \'([^\']*)\'::text\\)', E'\\1."\\2"', 'g');
        plain := regexp_replace(plain, E'(?:redshift_catalog\\.)?rs_get\\(' || path || E', ([0-9]+)\\)', E'\\1[\\2]', 'g');
    END LOOP;
    FOR alias IN SELECT DISTINCT m[1] FROM regexp_matches(plain, E'rs_unnest(?:_at)?\\([^()]*\\) ([a-z0-9_$]+)\\(', 'g') m LOOP
        -- PostgreSQL has a column of the alias's name in a table of that name; Redshift has the element alone.
        plain := regexp_replace(plain, E'\\m' || alias || E'\\.' || alias || E'\\M', alias, 'g');
        FOR step IN SELECT m[1] FROM regexp_matches(plain, E'\\) ' || alias || E'\\([a-z0-9_$]+, ([a-z0-9_$]+)\\)') m LOOP
            plain := regexp_replace(plain, E'\\m' || alias || E'\\.' || step || E'\\M', step, 'g');
        END LOOP;
    END LOOP;
    plain := regexp_replace(plain, E'LATERAL (?:redshift_catalog\\.)?rs_unnest\\(([^()]*)\\) ([a-z0-9_$]+)\\([a-z0-9_$]+\\)', E'\\1 \\2', 'g');
    plain := regexp_replace(plain,
        E'LATERAL (?:redshift_catalog\\.)?rs_unnest_at\\(([^()]*)\\) ([a-z0-9_$]+)\\([a-z0-9_$]+, ([a-z0-9_$]+)\\)', E'\\1 AS \\2 AT \\3', 'g');
    literals := ARRAY(SELECT m[1] FROM regexp_matches(plain, '(' || quoted || ')', 'g') m);
    plain := regexp_replace(plain, quoted, E'\x01', 'g');
    plain := replace(replace(plain, 'redshift_catalog.', ''), 'sysdate()', 'sysdate');
    plain := regexp_replace(plain, '= ANY ' || elements, E'IN (\\1)', 'g');
    plain := regexp_replace(plain, '<> ALL ' || elements, E'NOT IN (\\1)', 'g');
    plain := regexp_replace(plain, E'!~ similar_to_escape\\(([^()]*)\\)', E'NOT SIMILAR TO \\1', 'g');
    plain := regexp_replace(plain, E'~ similar_to_escape\\(([^()]*)\\)', E'SIMILAR TO \\1', 'g');
    plain := regexp_replace(plain, E'(\\mlistagg\\(' || one_deep || ') ORDER BY ', E'\\1) WITHIN GROUP (ORDER BY ', 'g');
    plain := replace(replace(plain, ' OPERATOR(@&=) ', ' = '), ' @&= ', ' = ');
    plain := replace(plain, 'rs_approximate_count(', 'APPROXIMATE count(');
    RETURN (SELECT string_agg(piece || coalesce(literals[place], ''), '' ORDER BY place)
        FROM unnest(string_to_array(plain, E'\x01')) WITH ORDINALITY p (piece, place));
END
$$;

-- The definition of a materialized view or a late-binding view is the statement that created it; another view's is its SELECT
-- (r_PG_GET_VIEWDEF, r_SHOW_VIEW).
CREATE FUNCTION redshift_catalog.pg_get_viewdef(oid) RETURNS text LANGUAGE sql STABLE AS
$$
    SELECT coalesce((SELECT m.definition FROM redshift_catalog.rs_materialized_view m WHERE m.relation = $1),
        (SELECT l.definition FROM redshift_catalog.rs_late_binding_view l WHERE l.relation = $1),
        redshift_catalog.rs_plain(redshift_catalog.rs_unguarded(ltrim(pg_catalog.pg_get_viewdef($1)))))
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
    $$ SELECT coalesce(nullif(regexp_replace($1, '(, )?redshift_catalog, pg_catalog$', ''), ''), 'pg_catalog') $$;
CREATE FUNCTION redshift_catalog.current_schemas(boolean) RETURNS name[] LANGUAGE sql STABLE AS
    $$ SELECT array_remove(pg_catalog.current_schemas($1), 'redshift_catalog') $$;

-- r_CURRENT_SETTING: of the parameters that SET takes (statement/set_parameter.rs). Those that PostgreSQL lacks are kept under the
-- prefix "rs.", where each has a value from the start on.
CREATE FUNCTION redshift_catalog.current_setting(text) RETURNS text LANGUAGE plpgsql STABLE AS
$$
DECLARE
    name text := lower($1);
    value text := pg_catalog.current_setting('rs.' || name, true);
BEGIN
    IF name = 'search_path' THEN
        RETURN redshift_catalog.rs_hide_tail(pg_catalog.current_setting(name));
    ELSIF name IN ('application_name', 'client_encoding', 'datestyle', 'extra_float_digits', 'statement_timeout', 'timezone', 'seed') THEN
        RETURN pg_catalog.current_setting(name);
    ELSIF value IS NULL THEN
        RAISE EXCEPTION 'unrecognized configuration parameter "%"', name USING ERRCODE = 'undefined_object';
    END IF;
    RETURN value;
END
$$;

-- r_SET_CONFIG: of the parameters that SET takes, those of which the proxy need not know.
CREATE FUNCTION redshift_catalog.set_config(text, text, boolean) RETURNS text LANGUAGE plpgsql VOLATILE AS
$$
DECLARE
    name text := lower($1);
BEGIN
    IF name = 'search_path' THEN
        RETURN redshift_catalog.rs_hide_tail(
            pg_catalog.set_config(name, concat_ws(', ', nullif($2, ''), 'redshift_catalog, pg_catalog'), $3));
    ELSIF name IN ('application_name', 'datestyle', 'extra_float_digits', 'statement_timeout', 'timezone') THEN
        RETURN pg_catalog.set_config(name, $2, $3);
    ELSIF name = 'query_group' THEN
        RETURN pg_catalog.set_config('rs.query_group', $2, $3);
    END IF;
    RAISE EXCEPTION 'redshift-local: set_config of % is not supported', name USING ERRCODE = 'feature_not_supported';
END
$$;

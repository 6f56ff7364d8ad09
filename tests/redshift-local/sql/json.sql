-- SUPER values and JSON text (query-super, json-functions). A SUPER is kept as JSON text without blanks, its keys in their order.
SET search_path = redshift_catalog, pg_catalog;

-- JSON_PARSE, JSON_SERIALIZE, JSON_TYPEOF
CREATE FUNCTION redshift_catalog.json_parse(text) RETURNS redshift_catalog.super LANGUAGE sql IMMUTABLE STRICT AS
$$
    SELECT pg_catalog.regexp_replace($1::json::text, E'("(?:[^"\\\\]|\\\\.)*")|\\s+', E'\\1', 'g')::json::redshift_catalog.super
$$;
CREATE FUNCTION redshift_catalog.json_typeof(redshift_catalog.super) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT pg_catalog.json_typeof($1::json) $$;
CREATE FUNCTION redshift_catalog.json_serialize(redshift_catalog.super) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT $1::json::text $$;

-- IS_VALID_JSON: of an object or an array; IS_VALID_JSON_ARRAY; CAN_JSON_PARSE
CREATE FUNCTION redshift_catalog.is_valid_json(text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT $1 IS JSON OBJECT OR $1 IS JSON ARRAY $$;
CREATE FUNCTION redshift_catalog.is_valid_json_array(text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT $1 IS JSON ARRAY $$;
CREATE FUNCTION redshift_catalog.can_json_parse(text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT $1 IS JSON $$;

-- JSON_EXTRACT_PATH_TEXT: up to five path elements; '' where there is nothing. With a true last argument, NULL for text that is no JSON.
CREATE FUNCTION redshift_catalog.rs_json_path(json_text text, path text[], null_if_invalid boolean) RETURNS text LANGUAGE plpgsql IMMUTABLE AS
$$
BEGIN
    IF json_text IS NULL OR (null_if_invalid AND json_text IS NOT JSON) THEN
        RETURN NULL;
    END IF;
    RETURN coalesce(json_text::json #>> path, '');
END
$$;
DO
$do$
DECLARE
    depth integer;
    types text;
    path text;
BEGIN
    FOR depth IN 1..5 LOOP
        types := repeat(', text', depth);
        path := (SELECT string_agg('$' || n, ', ') FROM generate_series(2, depth + 1) n);
        EXECUTE format('CREATE FUNCTION redshift_catalog.json_extract_path_text(text%s) RETURNS text LANGUAGE sql IMMUTABLE AS
            $$ SELECT redshift_catalog.rs_json_path($1, ARRAY[%s], false) $$', types, path);
        EXECUTE format('CREATE FUNCTION redshift_catalog.json_extract_path_text(text%s, boolean) RETURNS text LANGUAGE sql IMMUTABLE AS
            $$ SELECT redshift_catalog.rs_json_path($1, ARRAY[%s], $%s) $$', types, path, depth + 2);
    END LOOP;
END
$do$;

-- JSON_ARRAY_LENGTH, JSON_EXTRACT_ARRAY_ELEMENT_TEXT: places from 0; NULL past the end.
CREATE FUNCTION redshift_catalog.json_array_length(text, boolean DEFAULT false) RETURNS integer LANGUAGE sql IMMUTABLE AS
    $$ SELECT CASE WHEN $2 AND $1 IS NOT JSON ARRAY THEN NULL ELSE pg_catalog.json_array_length($1::json) END $$;
CREATE FUNCTION redshift_catalog.json_extract_array_element_text(text, integer, boolean DEFAULT false) RETURNS text
    LANGUAGE sql IMMUTABLE AS
    $$ SELECT CASE WHEN $3 AND $1 IS NOT JSON ARRAY THEN NULL WHEN $2 >= 0 THEN $1::json ->> $2 END $$;

-- c_Array_Functions: GET_ARRAY_LENGTH, SPLIT_TO_ARRAY, ARRAY_CONCAT
CREATE FUNCTION redshift_catalog.get_array_length(redshift_catalog.super) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT CASE WHEN pg_catalog.json_typeof($1::json) = 'array' THEN pg_catalog.json_array_length($1::json) END $$;
CREATE FUNCTION redshift_catalog.split_to_array(text, text DEFAULT ',') RETURNS redshift_catalog.super LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT to_json(string_to_array($1, $2))::redshift_catalog.super $$;
CREATE FUNCTION redshift_catalog.array_concat(redshift_catalog.super, redshift_catalog.super) RETURNS redshift_catalog.super
    LANGUAGE sql IMMUTABLE STRICT AS
$$
    SELECT redshift_catalog.json_parse(coalesce(json_agg(e ORDER BY half, place), '[]')::text)
    FROM (SELECT 1 AS half, place, e FROM json_array_elements($1::json) WITH ORDINALITY a (e, place)
        UNION ALL SELECT 2, place, e FROM json_array_elements($2::json) WITH ORDINALITY b (e, place)) elements
$$;

-- query-super, types of introspection: each false for NULL.
CREATE FUNCTION redshift_catalog.rs_super_number(redshift_catalog.super) RETURNS numeric LANGUAGE sql IMMUTABLE AS
    $$ SELECT CASE WHEN pg_catalog.json_typeof($1::json) = 'number' THEN ($1::json #>> '{}')::numeric END $$;
DO
$do$
DECLARE
    name text;
    condition text;
BEGIN
    FOR name, condition IN VALUES
        ('is_array', 'kind = ''array'''), ('is_object', 'kind = ''object'''), ('is_boolean', 'kind = ''boolean'''),
        ('is_scalar', 'kind IN (''string'', ''number'', ''boolean'')'), ('is_varchar', 'kind = ''string'''),
        ('is_char', 'kind = ''string'' AND $1::json::text ~ ''^[[:ascii:]]*$'''),
        ('is_smallint', 'scale(n) = 0 AND n BETWEEN -32768 AND 32767'),
        ('is_integer', 'scale(n) = 0 AND n BETWEEN -2147483648 AND 2147483647'),
        ('is_bigint', 'scale(n) = 0 AND n BETWEEN -9223372036854775808 AND 9223372036854775807'),
        ('is_decimal', 'kind = ''number'' AND $1::json::text !~* ''e'''), ('is_float', 'kind = ''number''')
    LOOP
        EXECUTE format('CREATE FUNCTION redshift_catalog.%I(redshift_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE AS
            $$ SELECT coalesce(%s, false) FROM (SELECT pg_catalog.json_typeof($1::json) AS kind, redshift_catalog.rs_super_number($1) AS n) v $$',
            name, condition);
    END LOOP;
END
$do$;

-- Navigation (query-super): lax, so NULL where a step leads nowhere; places in arrays from 0. The proxy turns paths into these calls,
-- rs_plain turns them back. An array of the catalog keeps PostgreSQL's places.
CREATE FUNCTION redshift_catalog.rs_get(redshift_catalog.super, text) RETURNS redshift_catalog.super LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT ($1::json -> $2)::redshift_catalog.super $$;
CREATE FUNCTION redshift_catalog.rs_get(redshift_catalog.super, integer) RETURNS redshift_catalog.super LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT ($1::json -> $2)::redshift_catalog.super WHERE $2 >= 0 $$;
CREATE FUNCTION redshift_catalog.rs_get(anyarray, integer) RETURNS anyelement LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT $1[$2] $$;
CREATE FUNCTION redshift_catalog.rs_get(oidvector, integer) RETURNS oid LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT $1[$2] $$;
CREATE FUNCTION redshift_catalog.rs_get(int2vector, integer) RETURNS smallint LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT $1[$2] $$;

-- Unnesting (query-super): what is no array has no elements.
CREATE FUNCTION redshift_catalog.rs_unnest(redshift_catalog.super) RETURNS SETOF redshift_catalog.super LANGUAGE sql IMMUTABLE AS
$$
    SELECT e::redshift_catalog.super
    FROM json_array_elements(CASE WHEN pg_catalog.json_typeof($1::json) = 'array' THEN $1::json ELSE '[]' END) WITH ORDINALITY a (e, place)
    ORDER BY place
$$;
CREATE FUNCTION redshift_catalog.rs_unnest_at(redshift_catalog.super, OUT element redshift_catalog.super, OUT place bigint) RETURNS SETOF record
    LANGUAGE sql IMMUTABLE AS
$$
    SELECT e::redshift_catalog.super, place - 1
    FROM json_array_elements(CASE WHEN pg_catalog.json_typeof($1::json) = 'array' THEN $1::json ELSE '[]' END) WITH ORDINALITY a (e, place)
    ORDER BY place
$$;

-- Casts: NULL for a value of another type (query-super, lax semantics); text only of scalars.
CREATE FUNCTION redshift_catalog.rs_super_text(redshift_catalog.super) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT $1::json #>> '{}' WHERE pg_catalog.json_typeof($1::json) NOT IN ('object', 'array') $$;
CREATE FUNCTION redshift_catalog.rs_super_boolean(redshift_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT ($1::json #>> '{}')::boolean WHERE pg_catalog.json_typeof($1::json) = 'boolean' $$;
DO
$do$
DECLARE
    target regtype;
    type text;
    condition text;
BEGIN
    CREATE CAST (redshift_catalog.super AS numeric) WITH FUNCTION redshift_catalog.rs_super_number(redshift_catalog.super);
    CREATE CAST (redshift_catalog.super AS boolean) WITH FUNCTION redshift_catalog.rs_super_boolean(redshift_catalog.super);
    FOR target, type, condition IN VALUES
        ('smallint'::regtype, 'smallint', 'redshift_catalog.is_smallint($1)'), ('integer'::regtype, 'integer', 'redshift_catalog.is_integer($1)'),
        ('bigint'::regtype, 'bigint', 'redshift_catalog.is_bigint($1)'), ('real'::regtype, 'real', 'true'),
        ('double precision'::regtype, 'double', 'true')
    LOOP
        EXECUTE format('CREATE FUNCTION redshift_catalog.%I(redshift_catalog.super) RETURNS %s LANGUAGE sql IMMUTABLE AS
            $$ SELECT CASE WHEN %s THEN redshift_catalog.rs_super_number($1)::%s END $$', 'rs_super_' || type, target, condition, target);
        EXECUTE format('CREATE CAST (redshift_catalog.super AS %s) WITH FUNCTION redshift_catalog.%I(redshift_catalog.super)',
            target, 'rs_super_' || type);
    END LOOP;
    FOR target IN VALUES ('smallint'::regtype), ('integer'::regtype), ('bigint'::regtype), ('numeric'::regtype), ('real'::regtype),
        ('double precision'::regtype), ('boolean'::regtype), ('text'::regtype), ('varchar'::regtype)
    LOOP
        EXECUTE format('CREATE FUNCTION redshift_catalog.rs_to_super(%s) RETURNS redshift_catalog.super LANGUAGE sql IMMUTABLE STRICT AS
            $$ SELECT to_json($1)::redshift_catalog.super $$', target);
        EXECUTE format('CREATE CAST (%s AS redshift_catalog.super) WITH FUNCTION redshift_catalog.rs_to_super(%s) AS ASSIGNMENT', target, target);
    END LOOP;
END
$do$;
CREATE CAST (redshift_catalog.super AS text) WITH FUNCTION redshift_catalog.rs_super_text(redshift_catalog.super) AS ASSIGNMENT;
CREATE CAST (redshift_catalog.super AS varchar) WITH FUNCTION redshift_catalog.rs_super_text(redshift_catalog.super) AS ASSIGNMENT;

-- Dynamic typing (query-super): a SUPER against a value of a type. Values of other types are not equal; which is greater is unknown.
-- There is no = of two SUPERs, as PostgreSQL would then read a literal beside a SUPER as JSON.
CREATE FUNCTION redshift_catalog.rs_super_string(redshift_catalog.super) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT $1::json #>> '{}' WHERE pg_catalog.json_typeof($1::json) = 'string' $$;
DO
$do$
DECLARE
    type text;
    value text;
    operator text;
    mirrored text;
    name text;
    types text;
    here text;
    there text;
BEGIN
    FOR type, value IN VALUES ('text', 'rs_super_string'), ('numeric', 'rs_super_number'), ('boolean', 'rs_super_boolean') LOOP
        FOR operator, mirrored, name IN VALUES
            ('=', '=', 'eq'), ('<>', '<>', 'ne'), ('<', '>', 'lt'), ('<=', '>=', 'le'), ('>', '<', 'gt'), ('>=', '<=', 'ge')
        LOOP
            FOR types, here, there IN VALUES ('redshift_catalog.super, ' || type, '$1', '$2'), (type || ', redshift_catalog.super', '$2', '$1')
            LOOP
                EXECUTE format('CREATE FUNCTION redshift_catalog.%I(%s) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT %s $$',
                    'rs_super_' || name, types,
                    format(CASE name WHEN 'eq' THEN 'coalesce(redshift_catalog.%1$I(%2$s) = %3$s, false)'
                        WHEN 'ne' THEN 'coalesce(redshift_catalog.%1$I(%2$s) <> %3$s, true)'
                        ELSE 'redshift_catalog.%1$I(%2$s) %4$s %3$s' END,
                        value, here, there, CASE here WHEN '$1' THEN operator ELSE mirrored END));
            END LOOP;
            EXECUTE format('CREATE OPERATOR redshift_catalog.%s (LEFTARG = redshift_catalog.super, RIGHTARG = %s, FUNCTION = redshift_catalog.%I)',
                operator, type, 'rs_super_' || name);
            EXECUTE format('CREATE OPERATOR redshift_catalog.%s (LEFTARG = %s, RIGHTARG = redshift_catalog.super, FUNCTION = redshift_catalog.%I)',
                operator, type, 'rs_super_' || name);
        END LOOP;
    END LOOP;
END
$do$;

-- query-super, order by: boolean, number, string, array, object. The operators behind it have names that nobody can write.
CREATE FUNCTION redshift_catalog.rs_super_compare(redshift_catalog.super, redshift_catalog.super) RETURNS integer LANGUAGE plpgsql IMMUTABLE STRICT AS
$$
DECLARE
    kinds CONSTANT text[] := ARRAY['boolean', 'number', 'string', 'array', 'object', 'null'];
    a CONSTANT integer := array_position(kinds, pg_catalog.json_typeof($1::json));
    b CONSTANT integer := array_position(kinds, pg_catalog.json_typeof($2::json));
BEGIN
    IF a = 2 AND b = 2 THEN
        RETURN numeric_cmp(redshift_catalog.rs_super_number($1), redshift_catalog.rs_super_number($2));
    ELSIF a <> b THEN
        RETURN sign(a - b);
    ELSIF kinds[a] = 'null' THEN
        RETURN 0;
    END IF;
    RETURN bttextcmp($1::json #>> '{}' COLLATE "C", $2::json #>> '{}' COLLATE "C");
END
$$;
DO
$do$
DECLARE
    operator text;
    name text;
BEGIN
    FOR operator, name IN VALUES ('<', 'lt'), ('<=', 'le'), ('=', 'eq'), ('>=', 'ge'), ('>', 'gt') LOOP
        EXECUTE format('CREATE FUNCTION redshift_catalog.%I(redshift_catalog.super, redshift_catalog.super) RETURNS boolean LANGUAGE sql
            IMMUTABLE STRICT AS $$ SELECT redshift_catalog.rs_super_compare($1, $2) %s 0 $$', 'rs_super_rank_' || name, operator);
        EXECUTE format('CREATE OPERATOR redshift_catalog.@&%s (LEFTARG = redshift_catalog.super, RIGHTARG = redshift_catalog.super,
            FUNCTION = redshift_catalog.%I)', operator, 'rs_super_rank_' || name);
    END LOOP;
END
$do$;
CREATE OPERATOR CLASS redshift_catalog.rs_super_ops DEFAULT FOR TYPE redshift_catalog.super USING btree AS
    OPERATOR 1 redshift_catalog.@&<, OPERATOR 2 redshift_catalog.@&<=, OPERATOR 3 redshift_catalog.@&=, OPERATOR 4 redshift_catalog.@&>=,
    OPERATOR 5 redshift_catalog.@&>, FUNCTION 1 redshift_catalog.rs_super_compare(redshift_catalog.super, redshift_catalog.super);

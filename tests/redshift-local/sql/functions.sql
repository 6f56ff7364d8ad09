-- Functions of Redshift's that users' SQL may call. Catalog functions are in catalog_functions.sql.
-- Bodies use E'' for a backslash, since sessions run with standard_conforming_strings off.
SET search_path = redshift_catalog, pg_catalog;

-- The patch level that the warehouse was started with (options.rs).
CREATE FUNCTION redshift_catalog.rs_patch() RETURNS integer LANGUAGE sql STABLE AS
    $$ SELECT pg_catalog.current_setting('rs.patch')::integer $$;

-- The text after "PostgreSQL 8.0.2" is what drivers parse (r_VERSION). The version is that of the newest patch known here up to the
-- warehouse's (Management Guide, cluster-versions).
CREATE FUNCTION redshift_catalog.version() RETURNS text LANGUAGE sql STABLE AS
$$
    SELECT 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.'
        || CASE WHEN patch >= 202 THEN 323213 WHEN patch >= 198 THEN 219674 WHEN patch >= 197 THEN 179517 WHEN patch >= 193 THEN 121010
            ELSE 72982 END
    FROM redshift_catalog.rs_patch() patch
$$;

-- r_CURRENT_NAMESPACE: the id that the warehouse was started with.
CREATE FUNCTION redshift_catalog.current_namespace() RETURNS varchar(128) LANGUAGE sql STABLE AS
    $$ SELECT pg_catalog.current_setting('rs.namespace')::varchar(128) $$;

-- r_GETDATE, r_SYSDATE: UTC, without a zone; getdate has no fractions of a second.
CREATE FUNCTION redshift_catalog.getdate() RETURNS timestamp LANGUAGE sql STABLE AS
    $$ SELECT date_trunc('second', clock_timestamp() AT TIME ZONE 'UTC')::timestamp $$;
CREATE FUNCTION redshift_catalog.sysdate() RETURNS timestamp LANGUAGE sql STABLE AS
    $$ SELECT (now() AT TIME ZONE 'UTC')::timestamp $$;

-- r_LEN, r_CHARINDEX
CREATE FUNCTION redshift_catalog.len(text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT length($1) $$;
CREATE FUNCTION redshift_catalog.charindex(text, text) RETURNS integer LANGUAGE sql IMMUTABLE AS
    $$ SELECT position($1 IN $2) $$;

CREATE FUNCTION redshift_catalog.textlen(text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT length($1) $$;

-- Not supported (c_unsupported-postgresql-functions), and some such functions run on the leader node all the same: AWS's AdminViews call this
-- one there. Of integers, as in PostgreSQL 8.0.
CREATE FUNCTION redshift_catalog.generate_series(integer, integer) RETURNS SETOF integer
    LANGUAGE internal IMMUTABLE STRICT AS 'generate_series_int4';
CREATE FUNCTION redshift_catalog.generate_series(integer, integer, integer) RETURNS SETOF integer
    LANGUAGE internal IMMUTABLE STRICT AS 'generate_series_step_int4';
CREATE FUNCTION redshift_catalog.generate_series(bigint, bigint) RETURNS SETOF bigint
    LANGUAGE internal IMMUTABLE STRICT AS 'generate_series_int8';
CREATE FUNCTION redshift_catalog.generate_series(bigint, bigint, bigint) RETURNS SETOF bigint
    LANGUAGE internal IMMUTABLE STRICT AS 'generate_series_step_int8';

-- r_CONCAT: two arguments, NULL if either is. r_REPLICATE is REPEAT.
CREATE FUNCTION redshift_catalog.concat(text, text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT $1 || $2 $$;
CREATE FUNCTION redshift_catalog.replicate(text, integer) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT repeat($1, $2) $$;

-- r_STRTOL: a number written in base 2 to 36.
CREATE FUNCTION redshift_catalog.strtol(text, integer) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS
$$
    SELECT sum((strpos('0123456789abcdefghijklmnopqrstuvwxyz', substr(digits, place, 1)) - 1) * $2::numeric ^ (length(digits) - place))::bigint
        * CASE WHEN $1 LIKE '-%' THEN -1 ELSE 1 END
    FROM (SELECT regexp_replace(lower($1), CASE $2 WHEN 16 THEN '^[-+]?(0x)?' ELSE '^[-+]?' END, '') AS digits) d,
        generate_series(1, length(digits)) place
$$;

-- SHA2: the digest in hexadecimal; 0 bits are 256.
CREATE FUNCTION redshift_catalog.sha2(text, integer) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
$$
    SELECT encode(CASE $2 WHEN 224 THEN sha224(bytes) WHEN 384 THEN sha384(bytes) WHEN 512 THEN sha512(bytes)
        WHEN 256 THEN sha256(bytes) WHEN 0 THEN sha256(bytes) END, 'hex')
    FROM convert_to($1, 'UTF8') bytes
$$;

-- SHA1, SHA and FUNC_SHA1, which PostgreSQL lacks (FIPS 180-4).
CREATE FUNCTION redshift_catalog.sha1(text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS
$$
DECLARE
    word CONSTANT bigint := 4294967295;
    message bytea := convert_to($1, 'UTF8');
    h bigint[] := ARRAY[1732584193, 4023233417, 2562383102, 271733878, 3285377520];
    w bigint[];
    a bigint; b bigint; c bigint; d bigint; e bigint; f bigint; k bigint; turned bigint;
BEGIN
    message := message || E'\\x80'::bytea || decode(repeat('00', (119 - length(message) % 64) % 64), 'hex') || int8send(8::bigint * length(message));
    FOR block IN 0..length(message) / 64 - 1 LOOP
        FOR t IN 0..79 LOOP
            IF t < 16 THEN
                w[t] := ('x' || encode(substr(message, block * 64 + t * 4 + 1, 4), 'hex'))::bit(32)::bigint & word;
            ELSE
                f := w[t - 3] # w[t - 8] # w[t - 14] # w[t - 16];
                w[t] := ((f << 1) | (f >> 31)) & word;
            END IF;
        END LOOP;
        a := h[1]; b := h[2]; c := h[3]; d := h[4]; e := h[5];
        FOR t IN 0..79 LOOP
            CASE t / 20
                WHEN 0 THEN f := (b & c) | (~b & word & d); k := 1518500249;
                WHEN 1 THEN f := b # c # d; k := 1859775393;
                WHEN 2 THEN f := (b & c) | (b & d) | (c & d); k := 2400959708;
                ELSE f := b # c # d; k := 3395469782;
            END CASE;
            turned := (((a << 5) | (a >> 27)) & word) + f + e + k + w[t] & word;
            e := d; d := c; c := ((b << 30) | (b >> 2)) & word; b := a; a := turned;
        END LOOP;
        h := ARRAY[h[1] + a & word, h[2] + b & word, h[3] + c & word, h[4] + d & word, h[5] + e & word];
    END LOOP;
    RETURN (SELECT string_agg(lpad(to_hex(part), 8, '0'), '' ORDER BY place) FROM unnest(h) WITH ORDINALITY p (part, place));
END
$$;
CREATE FUNCTION redshift_catalog.sha(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_catalog.sha1($1) $$;
CREATE FUNCTION redshift_catalog.func_sha1(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT redshift_catalog.sha1($1) $$;

-- r_FNV_HASH: 64-bit FNV-1a of a value's bytes, those of a number from the lowest.
CREATE FUNCTION redshift_catalog.rs_fnv(bytes bytea, reversed boolean, seed bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE STRICT AS
$$
DECLARE
    h numeric := CASE WHEN seed < 0 THEN seed + 18446744073709551616 ELSE seed END;
    low integer;
BEGIN
    FOR place IN 0..length(bytes) - 1 LOOP
        low := mod(h, 256);
        h := mod((h - low + (low # get_byte(bytes, CASE WHEN reversed THEN length(bytes) - 1 - place ELSE place END))) * 1099511628211,
            18446744073709551616);
    END LOOP;
    RETURN CASE WHEN h >= 9223372036854775808 THEN h - 18446744073709551616 ELSE h END;
END
$$;
DO
$do$
DECLARE
    type regtype;
    bytes text;
    reversed text;
BEGIN
    -- The page gives the bytes of whole numbers and texts; those of other types are PostgreSQL's here.
    FOR type, bytes, reversed IN VALUES
        ('text'::regtype, 'convert_to($1, ''UTF8'')', false), ('smallint'::regtype, 'int2send($1)', true), ('integer'::regtype, 'int4send($1)', true),
        ('bigint'::regtype, 'int8send($1)', true), ('numeric'::regtype, 'numeric_send($1)', false), ('real'::regtype, 'float4send($1)', true),
        ('double precision'::regtype, 'float8send($1)', true), ('boolean'::regtype, 'boolsend($1)', false), ('date'::regtype, 'date_send($1)', true),
        ('timestamp'::regtype, 'timestamp_send($1)', true), ('timestamptz'::regtype, 'timestamptz_send($1)', true),
        ('time'::regtype, 'time_send($1)', true), ('timetz'::regtype, 'timetz_send($1)', false)
    LOOP
        EXECUTE format('CREATE FUNCTION redshift_catalog.fnv_hash(%s, bigint DEFAULT -3750763034362895579) RETURNS bigint LANGUAGE sql IMMUTABLE AS
            $$ SELECT redshift_catalog.rs_fnv(%s, %s, $2) $$', type, bytes, reversed);
    END LOOP;
END
$do$;

-- REGEXP_REPLACE replaces every match, REGEXP_SUBSTR gives '' where nothing matches. Of the parameters, e (extract the first group) and p
-- (Perl's dialect) are not PostgreSQL's.
CREATE FUNCTION redshift_catalog.regexp_replace(text, text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT pg_catalog.regexp_replace($1, $2, '', 1, 0) $$;
CREATE FUNCTION redshift_catalog.regexp_replace(text, text, text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT pg_catalog.regexp_replace($1, $2, $3, 1, 0) $$;
CREATE FUNCTION redshift_catalog.regexp_replace(text, text, text, integer) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT pg_catalog.regexp_replace($1, $2, $3, $4, 0) $$;
CREATE FUNCTION redshift_catalog.regexp_replace(text, text, text, integer, text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT pg_catalog.regexp_replace($1, $2, $3, $4, 0, translate($5, 'pe', '')) $$;
CREATE FUNCTION redshift_catalog.regexp_substr(text, text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT coalesce(pg_catalog.regexp_substr($1, $2), '') $$;
CREATE FUNCTION redshift_catalog.regexp_substr(text, text, integer) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT coalesce(pg_catalog.regexp_substr($1, $2, $3), '') $$;
CREATE FUNCTION redshift_catalog.regexp_substr(text, text, integer, integer) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT coalesce(pg_catalog.regexp_substr($1, $2, $3, $4), '') $$;
CREATE FUNCTION redshift_catalog.regexp_substr(text, text, integer, integer, text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS
$$
    SELECT coalesce(pg_catalog.regexp_substr($1, $2, $3, $4, translate($5, 'pe', ''), CASE WHEN $5 LIKE '%e%' THEN 1 ELSE 0 END), '')
$$;

-- r_LISTAGG: NULL and '' are left out. The proxy moves WITHIN GROUP's ORDER BY into the call.
CREATE FUNCTION redshift_catalog.rs_listagg_add(text, anyelement, text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$
    SELECT CASE WHEN $2 IS NULL OR $2::text = '' THEN $1 WHEN $1 IS NULL THEN $2::text ELSE $1 || coalesce($3, '') || $2::text END
$$;
CREATE FUNCTION redshift_catalog.rs_listagg_add(text, anyelement) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT redshift_catalog.rs_listagg_add($1, $2, NULL) $$;
CREATE FUNCTION redshift_catalog.rs_listagg_end(text) RETURNS varchar LANGUAGE plpgsql IMMUTABLE STRICT AS
$$
BEGIN
    IF octet_length($1) > 65535 THEN
        RAISE EXCEPTION 'Result size exceeds LISTAGG limit' USING ERRCODE = '22001';
    END IF;
    RETURN $1;
END
$$;
CREATE AGGREGATE redshift_catalog.listagg(anyelement, text) (
    SFUNC = redshift_catalog.rs_listagg_add, STYPE = text, FINALFUNC = redshift_catalog.rs_listagg_end);
CREATE AGGREGATE redshift_catalog.listagg(anyelement) (
    SFUNC = redshift_catalog.rs_listagg_add, STYPE = text, FINALFUNC = redshift_catalog.rs_listagg_end);

-- r_MEDIAN: of two in the middle their mean.
CREATE FUNCTION redshift_catalog.rs_median(numeric[]) RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$
    SELECT avg(v) FROM (SELECT v, row_number() OVER (ORDER BY v) AS place, count(*) OVER () AS rows FROM unnest($1) v WHERE v IS NOT NULL) x
    WHERE place IN ((rows + 1) / 2, (rows + 2) / 2)
$$;
CREATE FUNCTION redshift_catalog.rs_median(double precision[]) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$
    SELECT avg(v) FROM (SELECT v, row_number() OVER (ORDER BY v) AS place, count(*) OVER () AS rows FROM unnest($1) v WHERE v IS NOT NULL) x
    WHERE place IN ((rows + 1) / 2, (rows + 2) / 2)
$$;
CREATE FUNCTION redshift_catalog.rs_median_add(numeric[], bigint) RETURNS numeric[] LANGUAGE sql IMMUTABLE AS $$ SELECT $1 || $2::numeric $$;
CREATE FUNCTION redshift_catalog.rs_median_add(numeric[], integer) RETURNS numeric[] LANGUAGE sql IMMUTABLE AS $$ SELECT $1 || $2::numeric $$;
CREATE AGGREGATE redshift_catalog.median(numeric) (SFUNC = array_append, STYPE = numeric[], FINALFUNC = redshift_catalog.rs_median);
CREATE AGGREGATE redshift_catalog.median(bigint) (
    SFUNC = redshift_catalog.rs_median_add, STYPE = numeric[], FINALFUNC = redshift_catalog.rs_median);
CREATE AGGREGATE redshift_catalog.median(integer) (
    SFUNC = redshift_catalog.rs_median_add, STYPE = numeric[], FINALFUNC = redshift_catalog.rs_median);
CREATE AGGREGATE redshift_catalog.median(double precision) (
    SFUNC = array_append, STYPE = double precision[], FINALFUNC = redshift_catalog.rs_median);

-- r_COUNT: APPROXIMATE COUNT (DISTINCT …), exact here.
CREATE AGGREGATE redshift_catalog.rs_approximate_count("any") (SFUNC = int8inc_any, STYPE = bigint, INITCOND = '0');

-- r_ROUND, r_TRUNC on floating-point numbers and timestamps, which PostgreSQL lacks
CREATE FUNCTION redshift_catalog.round(double precision, integer) RETURNS double precision LANGUAGE sql IMMUTABLE AS
    $$ SELECT pg_catalog.round($1::numeric, $2)::double precision $$;
CREATE FUNCTION redshift_catalog.trunc(timestamp) RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT $1::date $$;

-- r_CONVERT_TIMEZONE
CREATE FUNCTION redshift_catalog.convert_timezone(text, timestamp) RETURNS timestamp LANGUAGE sql STABLE AS
    $$ SELECT ($2 AT TIME ZONE 'UTC') AT TIME ZONE $1 $$;
CREATE FUNCTION redshift_catalog.convert_timezone(text, text, timestamp) RETURNS timestamp LANGUAGE sql STABLE AS
    $$ SELECT ($3 AT TIME ZONE $1) AT TIME ZONE $2 $$;


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

-- r_OCTET_LENGTH, r_SUBSTRING of bytes.
CREATE FUNCTION redshift_catalog.octet_length(redshift_catalog.varbyte) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT octet_length($1::bytea) $$;
CREATE FUNCTION redshift_catalog."substring"(redshift_catalog.varbyte, integer, integer) RETURNS redshift_catalog.varbyte
    LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT substr($1::bytea, $2, $3)::redshift_catalog.varbyte $$;

-- JSON_SERIALIZE_TO_VARBYTE
CREATE FUNCTION redshift_catalog.json_serialize_to_varbyte(redshift_catalog.super) RETURNS redshift_catalog.varbyte LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT convert_to($1::json::text, 'UTF8')::redshift_catalog.varbyte $$;

-- ST_AsEWKB-function: a value is kept here as it was written, which is in hexadecimal digits after a COPY.
CREATE FUNCTION redshift_catalog.st_asewkb(redshift_catalog.geometry) RETURNS redshift_catalog.varbyte LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT decode($1::text, 'hex')::redshift_catalog.varbyte $$;
-- ST_AsHexEWKB-function
CREATE FUNCTION redshift_catalog.st_ashexewkb(redshift_catalog.geometry) RETURNS varchar LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT upper($1::text) $$;
CREATE FUNCTION redshift_catalog.st_ashexewkb(redshift_catalog.geography) RETURNS varchar LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT upper($1::text) $$;
-- geospatial-overview
CREATE CAST (redshift_catalog.geography AS redshift_catalog.geometry) WITHOUT FUNCTION;

-- r_HLL_CARDINALITY: an estimate, here of a sparse sketch by its indices and of a dense one by its length.
CREATE FUNCTION redshift_catalog.hll_cardinality(redshift_catalog.hllsketch) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS
$$
    SELECT CASE WHEN $1::text LIKE '{%' THEN json_array_length($1::text::json -> 'sparse' -> 'indices') ELSE length($1::text) END
$$;

-- r_AVG: BIGINT of integers of every size. PostgreSQL's own transition functions, which hold count and sum.
CREATE FUNCTION redshift_catalog.rs_average(bigint[]) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT $1[2] / nullif($1[1], 0) $$;
CREATE FUNCTION redshift_catalog.rs_average(numeric[]) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT trunc($1[2] / nullif($1[1], 0))::bigint $$;
CREATE FUNCTION redshift_catalog.rs_add_to_average(numeric[], bigint) RETURNS numeric[] LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT ARRAY[$1[1] + 1, $1[2] + $2] $$;
CREATE AGGREGATE redshift_catalog.avg(smallint) (
    SFUNC = pg_catalog.int2_avg_accum, STYPE = bigint[], FINALFUNC = redshift_catalog.rs_average, INITCOND = '{0,0}');
CREATE AGGREGATE redshift_catalog.avg(integer) (
    SFUNC = pg_catalog.int4_avg_accum, STYPE = bigint[], FINALFUNC = redshift_catalog.rs_average, INITCOND = '{0,0}');
CREATE AGGREGATE redshift_catalog.avg(bigint) (
    SFUNC = redshift_catalog.rs_add_to_average, STYPE = numeric[], FINALFUNC = redshift_catalog.rs_average, INITCOND = '{0,0}');

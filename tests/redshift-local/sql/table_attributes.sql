-- The attributes of tables and materialized views, as the proxy found them in CREATE TABLE, ALTER TABLE ADD COLUMN and CREATE
-- MATERIALIZED VIEW. The event triggers call these functions.
SET search_path = pg_catalog;

CREATE FUNCTION redshift_catalog.rs_encoding_number(text) RETURNS smallint LANGUAGE sql IMMUTABLE AS
$$
    SELECT (array_position(ARRAY['raw', 'bytedict', 'delta', 'delta32k', 'lzo', 'mostly8', 'mostly16', 'mostly32', 'runlength',
        'text255', 'text32k', 'zstd', 'az64'], $1) - 1)::smallint
$$;

-- r_CREATE_TABLE_NEW, ENCODE: what a column gets that has none given.
CREATE FUNCTION redshift_catalog.rs_default_encoding(type oid, in_sort_key boolean, temporary boolean) RETURNS text
    LANGUAGE sql STABLE AS
$$
    SELECT CASE
        WHEN in_sort_key OR temporary THEN 'raw'
        WHEN type IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype, 'numeric'::regtype, 'date'::regtype,
            'time'::regtype, 'timetz'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype) THEN 'az64'
        WHEN type IN ('bpchar'::regtype, 'varchar'::regtype, 'redshift_catalog.varbyte'::regtype) THEN 'lzo'
        WHEN type = 'redshift_catalog.super'::regtype THEN 'zstd'
        ELSE 'raw'
    END
$$;

-- Which encodings are for some types only (c_Compression_encodings): raw, runlength and zstd are for all.
CREATE FUNCTION redshift_catalog.rs_encoding_fits(encoding text, type text) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$
    SELECT CASE
        WHEN encoding IN ('text255', 'text32k') THEN type = 'character varying'
        WHEN encoding = 'mostly8' THEN type IN ('smallint', 'integer', 'bigint', 'numeric')
        WHEN encoding = 'mostly16' THEN type IN ('integer', 'bigint', 'numeric')
        WHEN encoding = 'mostly32' THEN type IN ('bigint', 'numeric')
        WHEN encoding = 'delta' THEN type IN ('smallint', 'integer', 'bigint', 'numeric', 'date', 'timestamp without time zone')
        WHEN encoding = 'delta32k' THEN type IN ('integer', 'bigint', 'numeric', 'date', 'timestamp without time zone')
        WHEN encoding = 'az64' THEN type IN ('smallint', 'integer', 'bigint', 'numeric') OR type ~ '^(date|time)'
        WHEN encoding = 'lzo' THEN type NOT IN ('boolean', 'real', 'double precision')
        WHEN encoding = 'bytedict' THEN type <> 'boolean'
        ELSE true
    END
$$;

-- Not every type can be in a key (r_CREATE_TABLE_NEW, DISTKEY and SORTKEY), and not every encoding is for every type.
CREATE FUNCTION redshift_catalog.rs_check_columns(table_oid oid) RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    listed record;
BEGIN
    FOR listed IN
        SELECT a.attname, redshift_catalog.format_type(a.atttypid, NULL) AS type, redshift_catalog.format_encoding(c.encoding) AS encoding,
            (c.distkey OR c.sort_order <> 0) AND t.typnamespace = 'redshift_catalog'::regnamespace AS is_wrong_key
        FROM redshift_catalog.rs_column c
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.relation AND a.attnum = c.number
        JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
        WHERE c.relation = table_oid
    LOOP
        IF listed.is_wrong_key THEN
            RAISE EXCEPTION 'column "%" of type % cannot be in a distribution key or a sort key', listed.attname, listed.type
                USING ERRCODE = 'feature_not_supported';
        ELSIF NOT redshift_catalog.rs_encoding_fits(listed.encoding, listed.type) THEN
            RAISE EXCEPTION 'encoding % is not supported by column "%" of type %', listed.encoding, listed.attname, listed.type
                USING ERRCODE = 'feature_not_supported';
        END IF;
    END LOOP;
END
$$;

-- From where on DISTSTYLE AUTO distributes by EVEN or KEY instead of ALL: no page says the size.
CREATE FUNCTION redshift_catalog.rs_is_large(table_oid oid) RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT pg_catalog.pg_relation_size(table_oid) >= 10 * 1048576 $$;

-- A table's attributes, as the proxy found them in CREATE TABLE. What CREATE TABLE AS or a materialized view made of an expression
-- becomes what rs_attribute shows: both types are stored alike.
CREATE FUNCTION redshift_catalog.rs_store_table(table_oid oid, a jsonb) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
    UPDATE pg_catalog.pg_attribute a SET atttypid = x.atttypid, atttypmod = x.atttypmod
    FROM redshift_catalog.rs_attribute x
    WHERE a.attrelid = table_oid AND x.attrelid = table_oid AND x.attnum = a.attnum AND a.atttypmod <> x.atttypmod;
    INSERT INTO redshift_catalog.rs_table (relation, diststyle, sort_style, encode_auto, backup)
    VALUES (table_oid, (a->>'diststyle')::smallint, a->>'sort_style', (a->>'encode_auto')::boolean, (a->>'backup')::boolean);
    INSERT INTO redshift_catalog.rs_column (relation, number, distkey, sort_order, encoding, collated)
    SELECT table_oid, c.attnum, c.attname IS NOT DISTINCT FROM a->>'distkey',
        coalesce(CASE WHEN a->>'sort_style' = 'interleaved' AND s.place % 2 = 0 THEN -s.place ELSE s.place END, 0),
        redshift_catalog.rs_encoding_number(coalesce(a->'encodings'->>c.attname,
            redshift_catalog.rs_default_encoding(c.atttypid, s.place IS NOT NULL, r.relpersistence = 't'))),
        a->'collations'->>c.attname
    FROM pg_catalog.pg_attribute c
    JOIN pg_catalog.pg_class r ON r.oid = c.attrelid
    LEFT JOIN jsonb_array_elements_text(a->'sort_key') WITH ORDINALITY s (name, place) ON s.name = c.attname
    WHERE c.attrelid = table_oid AND c.attnum > 0 AND NOT c.attisdropped;
    SELECT redshift_catalog.rs_check_columns(table_oid);
$$;

-- CREATE TABLE (LIKE parent): distribution style, sort keys and BACKUP are inherited (r_CREATE_TABLE_NEW).
CREATE FUNCTION redshift_catalog.rs_copy_table(table_oid oid, parent oid) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
    INSERT INTO redshift_catalog.rs_table (relation, diststyle, sort_style, encode_auto, backup)
    SELECT table_oid, diststyle, sort_style, encode_auto, backup FROM redshift_catalog.rs_table WHERE relation = parent;
    INSERT INTO redshift_catalog.rs_column (relation, number, distkey, sort_order, encoding, collated)
    SELECT table_oid, new.attnum, c.distkey, c.sort_order, c.encoding, c.collated
    FROM redshift_catalog.rs_column c
    JOIN pg_catalog.pg_attribute old ON old.attrelid = c.relation AND old.attnum = c.number
    JOIN pg_catalog.pg_attribute new ON new.attrelid = table_oid AND new.attname = old.attname
    WHERE c.relation = parent;
$$;

-- Columns that ALTER TABLE ADD COLUMN added since.
CREATE FUNCTION redshift_catalog.rs_store_new_columns(table_oid oid, a jsonb) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog AS
$$
    INSERT INTO redshift_catalog.rs_column (relation, number, distkey, sort_order, encoding, collated)
    SELECT table_oid, c.attnum, false, 0, redshift_catalog.rs_encoding_number(coalesce(a->'encodings'->>c.attname,
        redshift_catalog.rs_default_encoding(c.atttypid, false, r.relpersistence = 't'))), a->'collations'->>c.attname
    FROM pg_catalog.pg_attribute c JOIN pg_catalog.pg_class r ON r.oid = c.attrelid
    WHERE c.attrelid = table_oid AND c.attnum > 0 AND NOT c.attisdropped
    ON CONFLICT (relation, number) DO NOTHING;
    SELECT redshift_catalog.rs_check_columns(table_oid);
$$;

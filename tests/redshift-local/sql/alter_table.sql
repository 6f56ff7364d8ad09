-- ALTER TABLE (r_ALTER_TABLE) and ALTER MATERIALIZED VIEW (r_ALTER_MATERIALIZED_VIEW) of what PostgreSQL has no place for, and
-- what Redshift refuses where PostgreSQL does not. The event triggers call these functions.
SET search_path = pg_catalog;

CREATE FUNCTION redshift_catalog.rs_column_number(table_oid oid, name text) RETURNS smallint LANGUAGE plpgsql STABLE AS
$$
DECLARE
    number smallint := (SELECT attnum FROM pg_catalog.pg_attribute WHERE attrelid = table_oid AND attname = name AND attnum > 0 AND NOT attisdropped);
BEGIN
    IF number IS NULL THEN
        RAISE EXCEPTION 'column "%" does not exist', name USING ERRCODE = 'undefined_column';
    END IF;
    RETURN number;
END
$$;

-- A new sort key, or none. A column that enters it is stored raw; one that leaves it gets the default of its type, if the
-- table leaves the encodings to Redshift.
CREATE FUNCTION redshift_catalog.rs_set_sort_key(table_oid oid, columns text[], style text) RETURNS void LANGUAGE sql AS
$$
    UPDATE redshift_catalog.rs_column c SET
        sort_order = coalesce(k.place, 0),
        encoding = redshift_catalog.rs_encoding_number(CASE WHEN k.place IS NOT NULL THEN 'raw'
            ELSE redshift_catalog.rs_default_encoding(a.atttypid, false, r.relpersistence = 't') END)
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class r ON r.oid = a.attrelid
    JOIN redshift_catalog.rs_table t ON t.relation = a.attrelid
    LEFT JOIN unnest(columns) WITH ORDINALITY k (name, place) ON k.name = a.attname
    WHERE c.relation = table_oid AND a.attrelid = table_oid AND a.attnum = c.number
        AND (k.place IS NOT NULL OR c.sort_order <> 0 AND t.encode_auto);
    UPDATE redshift_catalog.rs_column c SET sort_order = 0
    WHERE c.relation = table_oid
        AND c.number NOT IN (SELECT redshift_catalog.rs_column_number(table_oid, name) FROM unnest(columns) name);
    UPDATE redshift_catalog.rs_table SET sort_style = style WHERE relation = table_oid;
$$;

-- One of the changes that statement/attributes.rs lists.
CREATE FUNCTION redshift_catalog.rs_alter_table(table_oid oid, change jsonb) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog AS
$$
DECLARE
    existing redshift_catalog.rs_table := (SELECT t FROM redshift_catalog.rs_table t WHERE t.relation = table_oid);
    temporary boolean := (SELECT relpersistence = 't' FROM pg_catalog.pg_class WHERE oid = table_oid);
    altered smallint;
    code smallint;
BEGIN
    IF existing.sort_style = 'interleaved' AND change ?| '{diststyle,distkey,encoding}'
        OR temporary AND (change->>'diststyle') IN ('0', '8') THEN
        RAISE EXCEPTION 'ALTER of the distribution style or of an encoding is not supported for %',
            CASE WHEN temporary THEN 'temporary tables' ELSE 'tables with an interleaved sort key' END
            USING ERRCODE = 'feature_not_supported';
    ELSIF change ? 'diststyle' THEN
        -- DISTSTYLE AUTO keeps the key of a large table, which becomes AUTO(KEY).
        UPDATE redshift_catalog.rs_table SET diststyle = (change->>'diststyle')::smallint WHERE relation = table_oid;
        UPDATE redshift_catalog.rs_column SET distkey = false
        WHERE relation = table_oid AND NOT (change->>'diststyle' = '9' AND redshift_catalog.rs_is_large(table_oid));
    ELSIF change ? 'distkey' THEN
        altered := redshift_catalog.rs_column_number(table_oid, change->>'distkey');
        UPDATE redshift_catalog.rs_table SET diststyle = 1 WHERE relation = table_oid;
        UPDATE redshift_catalog.rs_column c SET distkey = c.number = altered WHERE relation = table_oid;
    ELSIF change ? 'sortkey' THEN
        PERFORM redshift_catalog.rs_set_sort_key(table_oid, ARRAY(SELECT jsonb_array_elements_text(change->'sortkey')), 'compound');
    ELSIF change->>'sort_style' = 'none' THEN
        PERFORM redshift_catalog.rs_set_sort_key(table_oid, '{}', 'none');
    ELSIF change ? 'sort_style' THEN
        UPDATE redshift_catalog.rs_table SET sort_style = change->>'sort_style' WHERE relation = table_oid;
    ELSIF change ? 'encode_auto' THEN
        UPDATE redshift_catalog.rs_table SET encode_auto = true WHERE relation = table_oid;
    ELSIF change ? 'encoding' THEN
        altered := redshift_catalog.rs_column_number(table_oid, change->'encoding'->>'column');
        code := redshift_catalog.rs_encoding_number(change->'encoding'->>'name');
        IF code = (SELECT c.encoding FROM redshift_catalog.rs_column c WHERE c.relation = table_oid AND c.number = altered) THEN
            RAISE EXCEPTION 'column "%" already has the encoding %', change->'encoding'->>'column', change->'encoding'->>'name'
                USING ERRCODE = 'invalid_parameter_value';
        END IF;
        UPDATE redshift_catalog.rs_column c SET encoding = code WHERE c.relation = table_oid AND c.number = altered;
        UPDATE redshift_catalog.rs_table SET encode_auto = false WHERE relation = table_oid;
    ELSIF change ? 'auto_refresh' THEN
        UPDATE redshift_catalog.rs_materialized_view SET auto_refresh = (change->>'auto_refresh')::boolean WHERE relation = table_oid;
        IF NOT FOUND THEN
            RAISE EXCEPTION '"%" is not a materialized view', table_oid::regclass USING ERRCODE = 'wrong_object_type';
        END IF;
    END IF;
    PERFORM redshift_catalog.rs_check_columns(table_oid);
END
$$;

-- DROP COLUMN: not the last one, none of the distribution key or sort key, and without CASCADE none of a key.
CREATE FUNCTION redshift_catalog.rs_check_drop_column(table_oid oid, name text, cascade boolean) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog AS
$$
DECLARE
    dropped smallint := redshift_catalog.rs_column_number(table_oid, name);
    part redshift_catalog.rs_column := (SELECT c FROM redshift_catalog.rs_column c WHERE c.relation = table_oid AND c.number = dropped);
BEGIN
    IF part.distkey OR part.sort_order <> 0 THEN
        RAISE EXCEPTION 'cannot drop % column "%"', CASE WHEN part.distkey THEN 'distkey' ELSE 'sortkey' END, name
            USING ERRCODE = 'feature_not_supported';
    ELSIF NOT cascade AND EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint k
        WHERE k.contype IN ('p', 'u', 'f')
            AND (k.conrelid = table_oid AND dropped = ANY (k.conkey) OR k.confrelid = table_oid AND dropped = ANY (k.confkey))
    ) THEN
        RAISE EXCEPTION 'cannot drop column "%" because other objects depend on it', name
            USING ERRCODE = 'dependent_objects_still_exist', HINT = 'Use DROP ... CASCADE to drop the dependent objects too.';
    ELSIF NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_attribute WHERE attrelid = table_oid AND attnum > 0 AND attnum <> dropped AND NOT attisdropped
    ) THEN
        RAISE EXCEPTION 'cannot drop the last column "%" of a table', name USING ERRCODE = 'feature_not_supported';
    END IF;
END
$$;

-- ALTER COLUMN TYPE: the size of a VARCHAR column that has no default, is in no key and has none of four encodings.
CREATE FUNCTION redshift_catalog.rs_check_retype(table_oid oid, name text) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog AS
$$
DECLARE
    changed smallint := redshift_catalog.rs_column_number(table_oid, name);
    reason text := (
        SELECT CASE
            WHEN a.atttypid <> 'varchar'::regtype THEN 'it is not a VARCHAR column'
            WHEN a.atthasdef THEN 'it has a default value'
            WHEN redshift_catalog.format_encoding(c.encoding) IN ('bytedict', 'runlength', 'text255', 'text32k') THEN 'its encoding does not allow it'
            WHEN EXISTS (
                SELECT 1 FROM pg_catalog.pg_constraint k
                WHERE k.contype IN ('p', 'u', 'f')
                    AND (k.conrelid = table_oid AND changed = ANY (k.conkey) OR k.confrelid = table_oid AND changed = ANY (k.confkey))
            ) THEN 'it is part of a key'
        END
        FROM pg_catalog.pg_attribute a
        LEFT JOIN redshift_catalog.rs_column c ON c.relation = a.attrelid AND c.number = a.attnum
        WHERE a.attrelid = table_oid AND a.attnum = changed);
BEGIN
    IF reason IS NOT NULL THEN
        RAISE EXCEPTION 'cannot alter type of column "%": %', name, reason USING ERRCODE = 'feature_not_supported';
    END IF;
END
$$;

-- Event triggers that fill the tables of attributes.sql.
--
-- The proxy sends the attributes of a CREATE as a trailing comment, /*rs:<base64 of JSON>*/, and one statement a message,
-- so that current_query() is this one statement with its comment. A procedure puts them into rs.attributes instead.
SET search_path = pg_catalog;

CREATE FUNCTION redshift_catalog.rs_statement_attributes() RETURNS jsonb LANGUAGE sql STABLE AS
$$
    SELECT convert_from(decode(coalesce(substring(current_query() FROM '/[*]rs:([A-Za-z0-9+/=]+)[*]/[[:space:]]*$'),
        nullif(current_setting('rs.attributes', true), '')), 'base64'), 'UTF8')::jsonb
$$;

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

-- A table's attributes, as the proxy found them in CREATE TABLE.
CREATE FUNCTION redshift_catalog.rs_store_table(table_oid oid, a jsonb) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
    INSERT INTO redshift_catalog.rs_table (relation, diststyle, sort_style, encode_auto, backup)
    VALUES (table_oid, (a->>'diststyle')::smallint, a->>'sort_style', (a->>'encode_auto')::boolean, (a->>'backup')::boolean);
    INSERT INTO redshift_catalog.rs_column (relation, number, distkey, sort_order, encoding)
    SELECT table_oid, c.attnum, c.attname IS NOT DISTINCT FROM a->>'distkey',
        coalesce(CASE WHEN a->>'sort_style' = 'interleaved' AND s.place % 2 = 0 THEN -s.place ELSE s.place END, 0),
        redshift_catalog.rs_encoding_number(coalesce(a->'encodings'->>c.attname,
            redshift_catalog.rs_default_encoding(c.atttypid, s.place IS NOT NULL, r.relpersistence = 't')))
    FROM pg_catalog.pg_attribute c
    JOIN pg_catalog.pg_class r ON r.oid = c.attrelid
    LEFT JOIN jsonb_array_elements_text(a->'sort_key') WITH ORDINALITY s (name, place) ON s.name = c.attname
    WHERE c.attrelid = table_oid AND c.attnum > 0 AND NOT c.attisdropped;
$$;

-- CREATE TABLE (LIKE parent): distribution style, sort keys and BACKUP are inherited (r_CREATE_TABLE_NEW).
CREATE FUNCTION redshift_catalog.rs_copy_table(table_oid oid, parent oid) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
    INSERT INTO redshift_catalog.rs_table (relation, diststyle, sort_style, encode_auto, backup)
    SELECT table_oid, diststyle, sort_style, encode_auto, backup FROM redshift_catalog.rs_table WHERE relation = parent;
    INSERT INTO redshift_catalog.rs_column (relation, number, distkey, sort_order, encoding)
    SELECT table_oid, new.attnum, c.distkey, c.sort_order, c.encoding
    FROM redshift_catalog.rs_column c
    JOIN pg_catalog.pg_attribute old ON old.attrelid = c.relation AND old.attnum = c.number
    JOIN pg_catalog.pg_attribute new ON new.attrelid = table_oid AND new.attname = old.attname
    WHERE c.relation = parent;
$$;

-- Columns that ALTER TABLE ADD COLUMN added since.
CREATE FUNCTION redshift_catalog.rs_store_new_columns(table_oid oid, a jsonb) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog AS
$$
    INSERT INTO redshift_catalog.rs_column (relation, number, distkey, sort_order, encoding)
    SELECT table_oid, c.attnum, false, 0, redshift_catalog.rs_encoding_number(coalesce(a->'encodings'->>c.attname,
        redshift_catalog.rs_default_encoding(c.atttypid, false, r.relpersistence = 't')))
    FROM pg_catalog.pg_attribute c JOIN pg_catalog.pg_class r ON r.oid = c.attrelid
    WHERE c.attrelid = table_oid AND c.attnum > 0 AND NOT c.attisdropped
    ON CONFLICT (relation, number) DO NOTHING
$$;

-- A materialized view's options and the statement that created it.
CREATE FUNCTION redshift_catalog.rs_store_materialized_view(view_oid oid, a jsonb) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog AS
$$
    INSERT INTO redshift_catalog.rs_materialized_view (relation, definition, auto_refresh, backup)
    VALUES (view_oid, a->>'definition', (a->>'auto_refresh')::boolean, (a->>'backup')::boolean)
$$;

-- What PostgreSQL does not keep of a routine; NULL if there is nothing.
CREATE FUNCTION redshift_catalog.rs_store_routine(routine_oid oid, a jsonb) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog AS
$$
    DELETE FROM redshift_catalog.rs_routine WHERE routine = $1;
    INSERT INTO redshift_catalog.rs_routine (routine, source, nonatomic)
    SELECT $1, $2->>'source', ($2->>'nonatomic')::boolean WHERE $2 IS NOT NULL;
$$;

-- From patch 198 on no Python function can be created (note on every page of the Developer Guide since).
CREATE FUNCTION redshift_catalog.rs_refuse_python(routine_oid oid) RETURNS void LANGUAGE plpgsql AS
$$
BEGIN
    IF redshift_catalog.rs_patch() >= 198 AND EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
            WHERE p.oid = routine_oid AND l.lanname = 'plpythonu') THEN
        RAISE EXCEPTION 'creation of Python user-defined functions is no longer supported' USING ERRCODE = '0A000';
    END IF;
END
$$;

-- Unique and primary keys are informational (r_CREATE_TABLE_NEW). An index that is not ready takes no rows and so refuses
-- none; one that is not valid is used by no plan. TRUNCATE builds indexes anew, so the proxy calls this after it, too.
CREATE FUNCTION redshift_catalog.rs_unenforce(table_oid oid) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
    UPDATE pg_catalog.pg_index SET indisready = false, indisvalid = false
    WHERE indrelid = table_oid AND (indisready OR indisvalid)
        AND EXISTS (SELECT 1 FROM pg_catalog.pg_class c WHERE c.oid = table_oid AND c.relnamespace <> 'redshift_catalog'::regnamespace);
$$;

-- A foreign key may refer only to a key that PostgreSQL takes for valid: for the one command that declares it, it is.
CREATE FUNCTION redshift_catalog.rs_make_keys_valid(table_oid oid) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
    UPDATE pg_catalog.pg_index SET indisvalid = true WHERE NOT indisvalid AND indrelid = table_oid
$$;

-- The names in a statement's attributes are resolved along the session's own search path: neither trigger sets another.
CREATE FUNCTION redshift_catalog.rs_ddl_start() RETURNS event_trigger LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM redshift_catalog.rs_make_keys_valid(to_regclass(r))
    FROM jsonb_array_elements_text(redshift_catalog.rs_statement_attributes()->'references') r;
END
$$;

CREATE FUNCTION redshift_catalog.rs_ddl_end() RETURNS event_trigger LANGUAGE plpgsql AS
$$
DECLARE
    a jsonb := redshift_catalog.rs_statement_attributes();
    command record;
BEGIN
    FOR command IN SELECT * FROM pg_event_trigger_ddl_commands() LOOP
        IF command.object_type = 'table' AND command.command_tag LIKE 'CREATE TABLE%' THEN
            IF a ? 'like' THEN
                PERFORM redshift_catalog.rs_copy_table(command.objid, to_regclass(a->>'like'));
            ELSIF a ? 'table' THEN
                PERFORM redshift_catalog.rs_store_table(command.objid, a->'table');
            END IF;
        ELSIF command.command_tag = 'ALTER TABLE' AND a ? 'encodings' THEN
            PERFORM redshift_catalog.rs_store_new_columns(command.objid, a);
        ELSIF command.object_type = 'materialized view' AND a ? 'materialized_view' THEN
            PERFORM redshift_catalog.rs_store_materialized_view(command.objid, a->'materialized_view');
        ELSIF command.command_tag IN ('CREATE FUNCTION', 'CREATE PROCEDURE') THEN
            PERFORM redshift_catalog.rs_refuse_python(command.objid);
            PERFORM redshift_catalog.rs_store_routine(command.objid, a->'routine');
        END IF;
        IF command.object_type IN ('table', 'table constraint') THEN
            PERFORM redshift_catalog.rs_unenforce(command.objid);
        END IF;
    END LOOP;
    -- The keys that rs_ddl_start made valid.
    PERFORM redshift_catalog.rs_unenforce(to_regclass(r)) FROM jsonb_array_elements_text(a->'references') r;
END
$$;

CREATE FUNCTION redshift_catalog.rs_sql_drop() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
BEGIN
    DELETE FROM redshift_catalog.rs_column c USING pg_event_trigger_dropped_objects() d
    WHERE d.classid = 'pg_class'::regclass AND c.relation = d.objid AND d.objsubid IN (0, c.number);
    DELETE FROM redshift_catalog.rs_table t USING pg_event_trigger_dropped_objects() d
    WHERE d.classid = 'pg_class'::regclass AND t.relation = d.objid AND d.objsubid = 0;
    DELETE FROM redshift_catalog.rs_routine r USING pg_event_trigger_dropped_objects() d
    WHERE d.classid = 'pg_proc'::regclass AND r.routine = d.objid;
    DELETE FROM redshift_catalog.rs_materialized_view v USING pg_event_trigger_dropped_objects() d
    WHERE d.classid = 'pg_class'::regclass AND v.relation = d.objid AND d.objsubid = 0;
END
$$;

CREATE EVENT TRIGGER rs_ddl_start ON ddl_command_start WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE')
    EXECUTE FUNCTION redshift_catalog.rs_ddl_start();
CREATE EVENT TRIGGER rs_ddl_end ON ddl_command_end EXECUTE FUNCTION redshift_catalog.rs_ddl_end();
CREATE EVENT TRIGGER rs_sql_drop ON sql_drop EXECUTE FUNCTION redshift_catalog.rs_sql_drop();

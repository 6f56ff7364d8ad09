-- Event triggers that fill the tables of attributes.sql.
--
-- The proxy sends the attributes of a CREATE as a trailing comment, /*rs:<base64 of JSON>*/, and one statement a message,
-- so that current_query() is this one statement with its comment. A procedure puts them into rs.attributes instead. The statements
-- that the triggers run themselves have the same attributes: for those the triggers rest.
--
-- They look up single objects, which nested loops do at once however large the catalog is; elsewhere these are off (postgres.rs).
SET search_path = pg_catalog;

CREATE FUNCTION redshift_catalog.rs_statement_attributes() RETURNS jsonb LANGUAGE sql STABLE AS
$$
    SELECT convert_from(decode(coalesce(substring(current_query() FROM '/[*]rs:([A-Za-z0-9+/=]+)[*]/[[:space:]]*$'),
        nullif(current_setting('rs.attributes', true), '')), 'base64'), 'UTF8')::jsonb
$$;

-- True for the first caller in a statement, until rs_leave().
CREATE FUNCTION redshift_catalog.rs_enter() RETURNS boolean LANGUAGE sql AS
    $$ SELECT coalesce(current_setting('rs.inside', true), '') = '' AND pg_catalog.set_config('rs.inside', 'on', true) = 'on' $$;
CREATE FUNCTION redshift_catalog.rs_leave() RETURNS void LANGUAGE sql AS $$ SELECT pg_catalog.set_config('rs.inside', '', true) $$;

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

-- The names in a statement's attributes are resolved along the session's own search path: none of the triggers sets another.
CREATE FUNCTION redshift_catalog.rs_ddl_start() RETURNS event_trigger LANGUAGE plpgsql SET enable_nestloop = on AS
$$
DECLARE
    a jsonb := redshift_catalog.rs_statement_attributes();
    named oid := to_regclass(a->>'relation');
BEGIN
    IF NOT redshift_catalog.rs_enter() THEN
        RETURN;
    END IF;
    PERFORM redshift_catalog.rs_expose_keys(to_regclass(r)) FROM jsonb_array_elements_text(a->'references') r;
    IF named IS NOT NULL AND a ? 'drop_column' THEN
        PERFORM redshift_catalog.rs_check_drop_column(named, a->'drop_column'->>'column', (a->'drop_column'->>'cascade')::boolean);
    ELSIF named IS NOT NULL AND a ? 'retype_column' THEN
        PERFORM redshift_catalog.rs_check_retype(named, a->>'retype_column');
    ELSIF a ? 'rename' AND EXISTS (SELECT 1 FROM redshift_catalog.rs_materialized_view WHERE relation = named) THEN
        RAISE EXCEPTION 'a materialized view cannot be renamed' USING ERRCODE = 'feature_not_supported';
    ELSIF a ? 'replace' THEN
        -- t_rls_usage, t_ddm-considerations
        IF EXISTS (SELECT 1 FROM redshift_catalog.rs_guard WHERE relation = named) AND NOT redshift_catalog.rs_is_secadmin(current_user) THEN
            RAISE EXCEPTION 'the view has policies: detach them before it is replaced' USING ERRCODE = 'feature_not_supported';
        END IF;
        PERFORM redshift_catalog.rs_unbind(named);
    END IF;
    PERFORM redshift_catalog.rs_leave();
END
$$;

-- What the commands of one statement mean for the tables of attributes.sql.
CREATE FUNCTION redshift_catalog.rs_store(command record, a jsonb) RETURNS void LANGUAGE plpgsql AS
$$
BEGIN
    IF command.object_type = 'table' AND command.command_tag LIKE 'CREATE TABLE%' THEN
        IF a ? 'like' THEN
            PERFORM redshift_catalog.rs_copy_table(command.objid, to_regclass(a->>'like'));
        ELSE
            -- A procedure's table has no attributes but Redshift's defaults.
            PERFORM redshift_catalog.rs_store_table(command.objid, coalesce(a->'table',
                '{"diststyle": 9, "sort_style": "auto", "sort_key": [], "encode_auto": true, "encodings": {}, "backup": true}'));
        END IF;
    ELSIF command.command_tag IN ('ALTER TABLE', 'ALTER MATERIALIZED VIEW') AND a ? 'alter' THEN
        PERFORM redshift_catalog.rs_alter_table(command.objid, change) FROM jsonb_array_elements(a->'alter') change;
    ELSIF command.command_tag = 'ALTER TABLE' AND a ? 'encodings' THEN
        PERFORM redshift_catalog.rs_store_new_columns(command.objid, a);
    ELSIF command.command_tag = 'REFRESH MATERIALIZED VIEW' THEN
        PERFORM redshift_catalog.rs_refreshed(command.objid);
    ELSIF command.object_type = 'materialized view' AND a ? 'materialized_view' THEN
        PERFORM redshift_catalog.rs_store_materialized_view(command.objid, a->'materialized_view');
    ELSIF command.command_tag = 'CREATE VIEW' THEN
        PERFORM redshift_catalog.rs_store_view(command.objid, a->'late_binding_view');
    ELSIF command.command_tag = 'CREATE SCHEMA' AND a ? 'schema' THEN
        PERFORM redshift_catalog.rs_store_schema(command.objid, a->'schema');
    ELSIF command.command_tag IN ('CREATE FUNCTION', 'CREATE PROCEDURE') THEN
        PERFORM redshift_catalog.rs_refuse_python(command.objid);
        PERFORM redshift_catalog.rs_store_routine(command.objid, a->'routine');
    END IF;
END
$$;

CREATE FUNCTION redshift_catalog.rs_ddl_end() RETURNS event_trigger LANGUAGE plpgsql SET enable_nestloop = on AS
$$
DECLARE
    a jsonb := redshift_catalog.rs_statement_attributes();
    dropped jsonb := nullif(current_setting('rs.dropped', true), '');
    objects oid[] := ARRAY(SELECT jsonb_array_elements_text(dropped->'objects')::oid);
    names text[] := ARRAY(SELECT jsonb_array_elements_text(dropped->'names'));
    bound oid[] := '{}';
    command record;
BEGIN
    IF NOT redshift_catalog.rs_enter() THEN
        RETURN;
    END IF;
    FOR command IN
        SELECT classid, objid, command_tag, object_type, schema_name FROM pg_event_trigger_ddl_commands()
    LOOP
        PERFORM redshift_catalog.rs_store(command, a);
        IF command.object_type IN ('table', 'table constraint') THEN
            PERFORM redshift_catalog.rs_unenforce(command.objid);
        END IF;
        IF command.command_tag LIKE 'CREATE %' AND command.command_tag <> 'CREATE SCHEMA' THEN
            PERFORM redshift_catalog.rs_check_schema(command.schema_name);
        END IF;
        IF command.command_tag <> 'REFRESH MATERIALIZED VIEW' THEN
            objects := objects || redshift_catalog.rs_objects_of(command.classid, command.objid);
            names := names || redshift_catalog.rs_names_of(command.classid, command.objid);
        END IF;
        IF command.command_tag = 'CREATE VIEW' THEN
            bound := bound || command.objid;
        END IF;
    END LOOP;
    PERFORM pg_catalog.set_config('rs.dropped', '', true);
    PERFORM redshift_catalog.rs_bind_after(objects, names, bound);
    PERFORM redshift_catalog.rs_guard_after(objects, bound);
    -- The keys that rs_ddl_start exposed.
    PERFORM redshift_catalog.rs_unenforce(to_regclass(r)) FROM jsonb_array_elements_text(a->'references') r;
    PERFORM redshift_catalog.rs_leave();
END
$$;

CREATE FUNCTION redshift_catalog.rs_sql_drop() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog SET enable_nestloop = on AS
$$
DECLARE
    objects oid[];
    names text[];
BEGIN
    IF NOT redshift_catalog.rs_enter() THEN
        RETURN;
    END IF;
    DELETE FROM redshift_catalog.rs_column c USING pg_event_trigger_dropped_objects() d
    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND c.relation = d.objid AND d.objsubid IN (0, c.number);
    SELECT array_agg(objid), array_agg(object_name) INTO objects, names FROM pg_event_trigger_dropped_objects()
    WHERE objsubid = 0 AND classid IN ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_namespace'::regclass);
    DELETE FROM redshift_catalog.rs_table WHERE relation = ANY (objects);
    DELETE FROM redshift_catalog.rs_routine WHERE routine = ANY (objects);
    DELETE FROM redshift_catalog.rs_materialized_view WHERE relation = ANY (objects);
    DELETE FROM redshift_catalog.rs_stale WHERE view = ANY (objects);
    DELETE FROM redshift_catalog.rs_late_binding_view WHERE relation = ANY (objects);
    DELETE FROM redshift_catalog.rs_schema WHERE schema = ANY (objects);
    DELETE FROM redshift_catalog.rs_attached_policy WHERE relation = ANY (objects);
    DELETE FROM redshift_catalog.rs_row_level_security WHERE relation = ANY (objects);
    PERFORM redshift_catalog.rs_guard_dropped(coalesce(objects, '{}'));
    -- rs_ddl_end, which follows, binds the views that named them, together with those that the statement concerns otherwise.
    PERFORM set_config('rs.dropped',
        jsonb_build_object('objects', coalesce(objects, '{}'), 'names', coalesce(array_remove(names, NULL), '{}'))::text, true);
    PERFORM redshift_catalog.rs_leave();
END
$$;

CREATE EVENT TRIGGER rs_ddl_start ON ddl_command_start WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE', 'CREATE VIEW')
    EXECUTE FUNCTION redshift_catalog.rs_ddl_start();
CREATE EVENT TRIGGER rs_ddl_end ON ddl_command_end EXECUTE FUNCTION redshift_catalog.rs_ddl_end();
CREATE EVENT TRIGGER rs_sql_drop ON sql_drop EXECUTE FUNCTION redshift_catalog.rs_sql_drop();

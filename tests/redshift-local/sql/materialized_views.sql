-- Materialized views (materialized-view-create-sql-command, materialized-view-refresh-sql-command): what they are made of, and
-- whether their tables changed since.
SET search_path = pg_catalog;

CREATE FUNCTION redshift_catalog.rs_read_by(view oid) RETURNS SETOF oid LANGUAGE sql STABLE AS
$$
    SELECT DISTINCT d.refobjid FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
    WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
        AND r.ev_class = view AND d.refobjid <> view
$$;

CREATE FUNCTION redshift_catalog.rs_materialized_views_on(base oid) RETURNS SETOF oid LANGUAGE sql STABLE AS
$$
    SELECT DISTINCT m.relation FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
    JOIN redshift_catalog.rs_materialized_view m ON m.relation = r.ev_class
    WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
        AND d.refobjid = base AND m.relation <> base
$$;

-- Notes that the views on a relation are stale. A trigger does so for tables, a refresh for materialized views.
CREATE FUNCTION redshift_catalog.rs_make_stale(changed oid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS
$$
    INSERT INTO redshift_catalog.rs_stale (view, base)
    SELECT reader, changed FROM redshift_catalog.rs_materialized_views_on(changed) reader
    WHERE NOT EXISTS (SELECT 1 FROM redshift_catalog.rs_stale s WHERE s.view = reader AND s.base = changed)
$$;
CREATE FUNCTION redshift_catalog.rs_base_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
BEGIN
    PERFORM redshift_catalog.rs_make_stale(TG_RELID);
    RETURN NULL;
END
$$;

-- Stores the statement and the options of a new view, refuses what it may not read, and watches the tables that it reads.
CREATE FUNCTION redshift_catalog.rs_store_materialized_view(view oid, a jsonb) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog AS
$$
DECLARE
    name text := (SELECT relname FROM pg_catalog.pg_class WHERE oid = view);
    base record;
BEGIN
    IF octet_length(name) > 43 THEN
        RAISE EXCEPTION 'redshift-local: the name "%" is too long for those of what is behind it', name USING ERRCODE = 'name_too_long';
    END IF;
    IF EXISTS (
        SELECT 1 FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
        JOIN pg_catalog.pg_proc p ON d.refclassid = 'pg_catalog.pg_proc'::regclass AND p.oid = d.refobjid
        WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.ev_class = view AND p.pronamespace <> 'redshift_catalog'::regnamespace
    ) THEN
        RAISE EXCEPTION 'a materialized view cannot use user-defined functions' USING ERRCODE = 'feature_not_supported';
    END IF;
    INSERT INTO redshift_catalog.rs_materialized_view (relation, definition, auto_refresh, backup)
    VALUES (view, a->>'definition', (a->>'auto_refresh')::boolean, (a->'table'->>'backup')::boolean);
    PERFORM redshift_catalog.rs_store_table(view, a->'table');
    FOR base IN SELECT c.oid, c.relkind, c.relpersistence FROM redshift_catalog.rs_read_by(view) id JOIN pg_catalog.pg_class c ON c.oid = id LOOP
        IF base.relkind = 'v' OR base.relpersistence = 't' THEN
            RAISE EXCEPTION 'a materialized view cannot read %', CASE base.relkind WHEN 'v' THEN 'views' ELSE 'temporary tables' END
                USING ERRCODE = 'feature_not_supported';
        ELSIF EXISTS (SELECT 1 FROM redshift_catalog.rs_guard g WHERE g.relation = base.oid) THEN
            RAISE EXCEPTION 'a materialized view cannot read relations with row-level security or masking policies'
                USING ERRCODE = 'feature_not_supported';
        ELSIF base.relkind = 'r' AND NOT EXISTS (
            SELECT 1 FROM pg_catalog.pg_trigger WHERE tgrelid = base.oid AND tgname = 'rs_base_changed'
        ) THEN
            EXECUTE format('CREATE TRIGGER rs_base_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s
                EXECUTE FUNCTION redshift_catalog.rs_base_changed()', base.oid::regclass);
        END IF;
    END LOOP;
END
$$;

CREATE FUNCTION redshift_catalog.rs_refreshed(view oid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS
$$
    DELETE FROM redshift_catalog.rs_stale s WHERE s.view = $1;
    SELECT redshift_catalog.rs_make_stale($1);
$$;

-- REFRESH MATERIALIZED VIEW: the owner's alone. CASCADE goes on with the views that read this one.
CREATE PROCEDURE redshift_catalog.rs_refresh(view regclass, cascade boolean) LANGUAGE plpgsql AS
$$
DECLARE
    owner name := (SELECT pg_catalog.pg_get_userbyid(relowner) FROM pg_catalog.pg_class WHERE oid = view);
    dependent regclass;
BEGIN
    IF owner <> current_user THEN
        RAISE EXCEPTION 'must be owner of materialized view %', view USING ERRCODE = 'insufficient_privilege';
    END IF;
    EXECUTE format('REFRESH MATERIALIZED VIEW %s', view);
    IF cascade THEN
        FOR dependent IN SELECT id FROM redshift_catalog.rs_materialized_views_on(view) id ORDER BY id LOOP
            CALL redshift_catalog.rs_refresh(dependent, true);
        END LOOP;
    END IF;
END
$$;

-- Late-binding views (r_CREATE_VIEW, WITH NO SCHEMA BINDING): they depend on nothing and may name what does not exist.
--
-- Each is a view of PostgreSQL's with the owner, rights and comments that it has on Redshift. Its columns and its rule are
-- put in place whenever a statement changes something that its query names, from a view that is made of the query for that
-- moment, and without a dependency. Where the query cannot be bound, the view keeps the columns it had, and reading it fails with
-- the reason.
SET search_path = pg_catalog;

CREATE FUNCTION redshift_catalog.rs_unbound(reason text) RETURNS boolean LANGUAGE plpgsql AS
$$
BEGIN
    RAISE EXCEPTION '%', substr(reason, 7) USING ERRCODE = left(reason, 5);
END
$$;

-- Gives a view the columns and the rule that CREATE VIEW would give it now; returns what those depend on.
CREATE FUNCTION redshift_catalog.rs_reshape(view oid, definition text) RETURNS oid[] LANGUAGE plpgsql AS
$$
DECLARE
    name text := 'redshift_catalog.rs_binding_' || pg_backend_pid();
    model oid;
    found oid[];
BEGIN
    EXECUTE 'CREATE VIEW ' || name || ' ' || definition;
    model := name::regclass;
    found := ARRAY(
        SELECT DISTINCT d.refobjid FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
        WHERE r.ev_class = model AND d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refobjid <> model);
    -- One command: between two, the view would have other columns than it says.
    WITH gone AS (
        DELETE FROM pg_catalog.pg_attribute WHERE attrelid = view AND attnum > 0 RETURNING attnum
    ), come AS (
        INSERT INTO pg_catalog.pg_attribute (attrelid, attname, atttypid, attlen, attnum, atttypmod, attndims, attbyval, attalign, attstorage,
            attcompression, attnotnull, atthasdef, atthasmissing, attidentity, attgenerated, attisdropped, attislocal, attinhcount, attcollation)
        SELECT view, attname, atttypid, attlen, attnum, atttypmod, attndims, attbyval, attalign, attstorage,
            attcompression, attnotnull, atthasdef, atthasmissing, attidentity, attgenerated, attisdropped, attislocal, attinhcount, attcollation
        FROM pg_catalog.pg_attribute WHERE attrelid = model AND attnum > 0 AND (SELECT count(*) FROM gone) >= 0
    ), rule AS (
        UPDATE pg_catalog.pg_rewrite SET ev_action = (SELECT m.ev_action FROM pg_catalog.pg_rewrite m WHERE m.ev_class = model)
        WHERE ev_class = view
    )
    UPDATE pg_catalog.pg_class SET relnatts = (SELECT m.relnatts FROM pg_catalog.pg_class m WHERE m.oid = model) WHERE oid = view;
    EXECUTE 'DROP VIEW ' || name;
    RETURN found;
END
$$;

-- Binds a view anew, or notes why that fails. Functions without a schema are those that every session finds.
CREATE FUNCTION redshift_catalog.rs_bind(view oid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = redshift_catalog, pg_catalog AS
$$
DECLARE
    source redshift_catalog.rs_late_binding_view;
    found oid[] := '{}';
    reason text;
BEGIN
    SELECT * INTO source FROM redshift_catalog.rs_late_binding_view v WHERE v.relation = view;
    BEGIN
        found := redshift_catalog.rs_reshape(view, source.columns || ' AS ' || source.query);
    EXCEPTION WHEN undefined_table OR undefined_column OR undefined_function OR undefined_object OR invalid_schema_name THEN
        reason := SQLSTATE || ' ' || SQLERRM;
        PERFORM redshift_catalog.rs_reshape(view, format('AS SELECT %s WHERE redshift_catalog.rs_unbound(%L)', (
            SELECT string_agg(format('NULL::%s AS %I', pg_catalog.format_type(a.atttypid, a.atttypmod), a.attname), ', ' ORDER BY a.attnum)
            FROM pg_catalog.pg_attribute a WHERE a.attrelid = view AND a.attnum > 0), reason));
    END;
    UPDATE redshift_catalog.rs_late_binding_view SET reads = found, failure = reason, bindings = bindings + 1 WHERE relation = view;
    PERFORM redshift_catalog.rs_guard_rule(view);
END
$$;

-- The names that stand in a query, in lower case, as they are written or between quotes; strings and comments hold none.
CREATE FUNCTION redshift_catalog.rs_words(query text) RETURNS text[] LANGUAGE sql IMMUTABLE AS
$$
    SELECT ARRAY(
        SELECT DISTINCT lower(coalesce(replace(m[1], '""', '"'), m[2]))
        FROM regexp_matches(query,
            $r$'(?:[^'\\]|''|\\.)*'|--[^\n]*|/[*](?:[^*]|[*]+[^*/])*[*]+/|"((?:[^"]|"")+)"|([[:alpha:]_#][\w$#]*)$r$, 'g') m
        WHERE coalesce(m[1], m[2]) IS NOT NULL)
$$;

-- The views that read this one: by what they found, or by what they name where they could not be bound.
CREATE FUNCTION redshift_catalog.rs_late_readers(view oid) RETURNS SETOF oid LANGUAGE sql STABLE AS
$$
    SELECT r.relation
    FROM redshift_catalog.rs_late_binding_view r, pg_catalog.pg_class c
    WHERE c.oid = view AND r.relation <> view
        AND (view = ANY (r.reads) OR r.failure IS NOT NULL AND r.words @> ARRAY[lower(c.relname), lower(c.relnamespace::regnamespace::name)])
$$;

-- Binds the views that a change of these objects may concern, and the views on those: each once, after the views that it reads. Of
-- views that read one another the oldest is first. Those in bound are new.
CREATE FUNCTION redshift_catalog.rs_bind_after(objects oid[], names text[], bound oid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
DECLARE
    pending oid[];
    readers oid[];
    bases oid[];
    next oid;
BEGIN
    WITH RECURSIVE concerned (relation) AS (
        SELECT v.relation FROM redshift_catalog.rs_late_binding_view v
        WHERE v.relation <> ALL (bound) AND (v.reads && objects OR v.words && ARRAY(SELECT lower(name) FROM unnest(names) name))
        UNION
        SELECT reader FROM concerned c, redshift_catalog.rs_late_readers(c.relation) reader WHERE reader <> ALL (bound)
    )
    SELECT array_agg(relation ORDER BY relation) INTO pending FROM concerned;
    SELECT array_agg(reader), array_agg(base) INTO readers, bases
    FROM unnest(pending) base, redshift_catalog.rs_late_readers(base) reader;
    WHILE cardinality(pending) > 0 LOOP
        SELECT p INTO next
        FROM unnest(pending) p
        ORDER BY EXISTS (SELECT 1 FROM unnest(readers, bases) edge (reader, base) WHERE reader = p AND base = ANY (pending)), p
        LIMIT 1;
        PERFORM redshift_catalog.rs_bind(next);
        pending := array_remove(pending, next);
    END LOOP;
END
$$;

-- The names under which a query may speak of an object.
CREATE FUNCTION redshift_catalog.rs_names_of(class oid, object oid) RETURNS text[] LANGUAGE sql STABLE AS
$$
    SELECT CASE class
        WHEN 'pg_catalog.pg_class'::regclass THEN ARRAY(SELECT relname::text FROM pg_catalog.pg_class WHERE oid = object)
        WHEN 'pg_catalog.pg_proc'::regclass THEN ARRAY(SELECT proname::text FROM pg_catalog.pg_proc WHERE oid = object)
        WHEN 'pg_catalog.pg_namespace'::regclass THEN ARRAY(SELECT nspname::text FROM pg_catalog.pg_namespace WHERE oid = object)
        ELSE '{}'
    END
$$;

-- The objects that a change of this one changes: a schema's new name is one of everything in it.
CREATE FUNCTION redshift_catalog.rs_objects_of(class oid, object oid) RETURNS oid[] LANGUAGE sql STABLE AS
$$
    SELECT object || CASE class
        WHEN 'pg_catalog.pg_namespace'::regclass THEN ARRAY(
            SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relnamespace = object
            UNION ALL
            SELECT p.oid FROM pg_catalog.pg_proc p WHERE p.pronamespace = object)
        ELSE '{}'
    END
$$;

-- What CREATE VIEW made: a late-binding view if the statement said so. Its relations need a schema, and the schema must exist.
CREATE FUNCTION redshift_catalog.rs_store_view(view oid, a jsonb) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
DECLARE
    missing text;
BEGIN
    DELETE FROM redshift_catalog.rs_late_binding_view WHERE relation = view;
    IF a IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO redshift_catalog.rs_late_binding_view (relation, definition, query, words, columns)
    VALUES (view, a->>'definition', a->>'query', redshift_catalog.rs_words(a->>'query'), a->>'columns');
    PERFORM redshift_catalog.rs_bind(view);
    SELECT substring(failure FROM '^42P01 relation "(.*)" does not exist') INTO missing
    FROM redshift_catalog.rs_late_binding_view WHERE relation = view;
    IF missing NOT LIKE '%.%' THEN
        RAISE EXCEPTION 'All the relation names inside should be qualified when creating VIEW WITH NO SCHEMA BINDING.'
            USING ERRCODE = 'feature_not_supported';
    ELSIF missing IS NOT NULL AND to_regnamespace(quote_ident(split_part(missing, '.', 1))) IS NULL THEN
        RAISE EXCEPTION 'schema "%" does not exist', split_part(missing, '.', 1) USING ERRCODE = 'invalid_schema_name';
    END IF;
END
$$;

-- Before CREATE OR REPLACE: PostgreSQL replaces a view only if it keeps its columns, which a late-binding view does not promise.
CREATE FUNCTION redshift_catalog.rs_unbind(view oid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS
$$
    SELECT redshift_catalog.rs_reshape(v.relation, 'AS SELECT') FROM redshift_catalog.rs_late_binding_view v WHERE v.relation = view
$$;

-- PG_GET_LATE_BINDING_VIEW_COLS
CREATE FUNCTION redshift_catalog.pg_get_late_binding_view_cols() RETURNS SETOF record LANGUAGE sql STABLE AS
$$
    SELECT n.nspname, c.relname, a.attname, redshift_catalog.format_type(a.atttypid, a.atttypmod)::varchar, a.attnum::integer
    FROM redshift_catalog.rs_late_binding_view v
    JOIN pg_catalog.pg_class c ON c.oid = v.relation
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN redshift_catalog.rs_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    WHERE v.failure IS NULL
    ORDER BY n.nspname, c.relname, a.attnum
$$;

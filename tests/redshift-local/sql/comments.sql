-- Comments (r_COMMENT).
SET search_path = redshift_catalog, pg_catalog;

-- PostgreSQL keeps the comments on databases apart.
CREATE VIEW redshift_catalog.pg_description AS
SELECT d.objoid, d.classoid, d.objsubid, d.description FROM pg_catalog.pg_description d
UNION ALL
SELECT s.objoid, s.classoid, 0, s.description FROM pg_catalog.pg_shdescription s
WHERE s.classoid = 'pg_catalog.pg_database'::regclass
    AND s.objoid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database());

-- COMMENT ON VIEW is for materialized views, too, whose relkind is v (PG_CLASS). Refusals are PostgreSQL's.
CREATE PROCEDURE redshift_catalog.rs_comment_on_view(view regclass, comment text) LANGUAGE plpgsql AS
$$
BEGIN
    EXECUTE format('COMMENT ON %s %s IS %L',
        CASE WHEN (SELECT c.relkind FROM pg_catalog.pg_class c WHERE c.oid = view) = 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END,
        view, comment);
END
$$;

-- A comment is for the current database only; on any other it is a warning.
CREATE PROCEDURE redshift_catalog.rs_comment_on_database(name text, comment text) LANGUAGE plpgsql AS
$$
BEGIN
    IF name <> current_database() THEN
        RAISE WARNING 'database comments may only be applied to the current database';
    ELSE
        EXECUTE format('COMMENT ON DATABASE %I IS %L', name, comment);
    END IF;
END
$$;

-- Keys that are declared and never enforced (r_CREATE_TABLE_NEW: unique and primary keys are informational).
--
-- Behind each stands one of PostgreSQL's indexes that says of itself that it is neither unique nor ready: it takes no row and
-- refuses none, and building it anew over duplicates succeeds. It has a name that nobody asks for, since constraints of
-- several tables may have the same one.
SET search_path = pg_catalog;

CREATE FUNCTION redshift_catalog.rs_unenforce(table_oid oid) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
    UPDATE pg_catalog.pg_index SET indisunique = false, indisready = false, indisvalid = false
    WHERE indrelid = table_oid AND (indisunique OR indisready)
        AND EXISTS (SELECT 1 FROM pg_catalog.pg_class c WHERE c.oid = table_oid AND c.relnamespace <> 'redshift_catalog'::regnamespace);
    UPDATE pg_catalog.pg_class c SET relname = 'rs_key_' || c.oid
    FROM pg_catalog.pg_index i
    WHERE i.indexrelid = c.oid AND i.indrelid = table_oid AND c.relname <> 'rs_key_' || c.oid AND NOT i.indisready;
$$;

-- PostgreSQL makes a constraint of a unique index only, and lets a foreign key refer to such a one only: for the one command
-- that needs it, it says that it is.
CREATE FUNCTION redshift_catalog.rs_expose_keys(table_oid oid) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
    UPDATE pg_catalog.pg_index SET indisunique = true, indisvalid = true WHERE indrelid = table_oid AND NOT indisunique
$$;

-- The name that PostgreSQL would choose.
CREATE FUNCTION redshift_catalog.rs_key_name(table_oid oid, kind text, columns text[]) RETURNS text LANGUAGE sql STABLE AS
$$
    SELECT stem.name || CASE WHEN n = 0 THEN '' ELSE n::text END
    FROM (
        SELECT c.relname || CASE WHEN kind = 'PRIMARY KEY' THEN '_pkey' ELSE '_' || array_to_string(columns, '_') || '_key' END AS name,
            c.relnamespace
        FROM pg_catalog.pg_class c WHERE c.oid = table_oid
    ) stem
    CROSS JOIN generate_series(0, 9999) n
    WHERE NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_constraint k
        WHERE k.connamespace = stem.relnamespace AND k.conname = stem.name || CASE WHEN n = 0 THEN '' ELSE n::text END
    )
    ORDER BY n LIMIT 1
$$;

-- ALTER TABLE ADD { PRIMARY KEY | UNIQUE } (r_ALTER_TABLE), with the invoker's rights.
CREATE PROCEDURE redshift_catalog.rs_add_key(parent regclass, name text, kind text, columns text[]) LANGUAGE plpgsql AS
$$
DECLARE
    key text := coalesce(name, redshift_catalog.rs_key_name(parent, kind, columns));
    nullable text := (
        SELECT a.attname FROM pg_catalog.pg_attribute a
        WHERE kind = 'PRIMARY KEY' AND a.attrelid = parent AND a.attname = ANY (columns) AND NOT a.attnotnull LIMIT 1);
BEGIN
    IF nullable IS NOT NULL THEN
        RAISE EXCEPTION 'column "%" in primary key must be NOT NULL', nullable USING ERRCODE = 'invalid_table_definition';
    END IF;
    EXECUTE format('CREATE INDEX %I ON %s (%s)', key, parent,
        (SELECT string_agg(quote_ident(c), ', ' ORDER BY n) FROM unnest(columns) WITH ORDINALITY u (c, n)));
    PERFORM redshift_catalog.rs_expose_keys(parent);
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s USING INDEX %I', parent, key, kind, key);
END
$$;

-- What guards.sql keeps of relations with row-level security or masks, and how it is hidden where a view's text is shown.
SET search_path = pg_catalog;

CREATE TABLE redshift_catalog.rs_guard (
    relation oid PRIMARY KEY,
    guard oid NOT NULL,
    name text NOT NULL
);

-- Views that read guards: their rules as they were before, and as they are.
CREATE TABLE redshift_catalog.rs_guarded_rule (
    view oid PRIMARY KEY,
    before pg_node_tree NOT NULL,
    after pg_node_tree NOT NULL
);

-- Procedures whose bodies name guards: their source as it was before, and as it is.
CREATE TABLE redshift_catalog.rs_guarded_body (
    routine oid PRIMARY KEY,
    before text NOT NULL,
    after text NOT NULL
);

-- Rules are changed as text.
CREATE CAST (text AS pg_node_tree) WITHOUT FUNCTION;

-- The text of a view with what it reads in place of guards.
CREATE FUNCTION redshift_catalog.rs_unguarded(definition text) RETURNS text LANGUAGE plpgsql STABLE AS
$$
DECLARE
    g record;
BEGIN
    FOR g IN SELECT k.name, k.relation, c.relname FROM redshift_catalog.rs_guard k JOIN pg_catalog.pg_class c ON c.oid = k.relation
        WHERE strpos(definition, k.name) > 0
    LOOP
        definition := replace(definition, g.name || '.', quote_ident(g.relname) || '.');
        definition := replace(definition, 'redshift_catalog.' || g.name, g.name);
        definition := replace(definition, g.name, g.relation::regclass::text);
    END LOOP;
    RETURN definition;
END
$$;

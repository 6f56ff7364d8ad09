-- What reads relations with guards (guards.sql): views by their rules, statements and procedures by the names in them.
SET search_path = redshift_catalog, pg_catalog;

-- Users' views whose rules read a relation.
CREATE FUNCTION redshift_catalog.rs_rules_on(relation oid) RETURNS SETOF oid LANGUAGE sql STABLE AS
$$
    SELECT r.ev_class
    FROM pg_catalog.pg_rewrite r
    JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
    WHERE c.relkind = 'v' AND c.oid >= 16384 AND c.relnamespace <> 'redshift_catalog'::regnamespace
        AND strpos(r.ev_action::text, ':relid ' || relation || ' ') > 0
$$;

-- Makes a view read the guards of what it reads, or what it read before.
CREATE FUNCTION redshift_catalog.rs_guard_rule(view oid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
DECLARE
    stored pg_catalog.pg_rewrite := (SELECT r FROM pg_catalog.pg_rewrite r WHERE r.ev_class = view AND r.rulename = '_RETURN');
    known redshift_catalog.rs_guarded_rule;
    before text := stored.ev_action::text;
    after text;
    g redshift_catalog.rs_guard;
BEGIN
    SELECT * INTO known FROM redshift_catalog.rs_guarded_rule k WHERE k.view = $1;
    IF before = known.after::text THEN
        before := known.before::text;
    END IF;
    after := before;
    FOR g IN SELECT * FROM redshift_catalog.rs_guard WHERE strpos(before, ':relid ' || relation || ' ') > 0 LOOP
        after := regexp_replace(after, format(':relid %s :inh (true|false) :relkind .', g.relation),
            format(E':relid %s :inh \\1 :relkind v', g.guard), 'g');
        after := replace(after, format('RTEPERMISSIONINFO :relid %s ', g.relation), format('RTEPERMISSIONINFO :relid %s ', g.guard));
        IF strpos(after, ':relid ' || g.relation || ' ') > 0 THEN
            RAISE EXCEPTION 'redshift-local: view % reads % in a way that no policy can guard', view::regclass, g.relation::regclass
                USING ERRCODE = 'feature_not_supported';
        END IF;
    END LOOP;
    DELETE FROM redshift_catalog.rs_guarded_rule k WHERE k.view = $1;
    IF after <> before THEN
        INSERT INTO redshift_catalog.rs_guarded_rule VALUES (view, before::pg_node_tree, after::pg_node_tree);
    END IF;
    IF after <> stored.ev_action::text THEN
        UPDATE pg_catalog.pg_rewrite SET ev_action = after::pg_node_tree WHERE oid = stored.oid;
        -- Only a change of its relation lets sessions forget a rule.
        UPDATE pg_catalog.pg_class SET relnatts = relnatts WHERE oid = view;
    END IF;
END
$$;

-- The guards that stand for names in a statement: place is that of the name. Without a schema a name is looked for along a path.
CREATE FUNCTION redshift_catalog.rs_guards_of(schemas text[], names text[], path text[], OUT place bigint, OUT guard text)
    RETURNS SETOF record LANGUAGE sql STABLE AS
$$
    SELECT n.place, (
        SELECT g.name
        FROM (
            SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
            WHERE c.relname = n.name AND CASE WHEN n.schema IS NULL THEN s.nspname = ANY (path) ELSE s.nspname = n.schema END
                AND pg_catalog.has_schema_privilege(s.oid, 'USAGE')
            ORDER BY array_position(path, s.nspname::text)
            LIMIT 1
        ) found
        JOIN redshift_catalog.rs_guard g ON g.relation = found.oid)
    FROM unnest(schemas, names) WITH ORDINALITY n (schema, name, place)
    WHERE EXISTS (SELECT 1 FROM redshift_catalog.rs_guard)
$$;

-- Before a relation with policies is queried, by whomever (t_rls_usage, t_ddm-considerations, whose messages these are but for the feature):
-- the settings that change what names mean must be those that the session began with.
CREATE FUNCTION redshift_catalog.rs_expect_default_case() RETURNS void LANGUAGE plpgsql STABLE AS
$$
DECLARE
    login oid := (SELECT a.usesysid FROM pg_catalog.pg_stat_activity a WHERE a.pid = pg_catalog.pg_backend_pid());
BEGIN
    IF EXISTS (
        SELECT FROM (VALUES ('enable_case_sensitive_identifier', 'off'), ('enable_case_sensitive_super_attribute', 'off'),
            ('downcase_delimited_identifier', 'on')) p (name, otherwise)
        WHERE pg_catalog.current_setting('rs.' || p.name)::boolean <> coalesce((
            SELECT split_part(c, '=', 2) FROM pg_catalog.pg_db_role_setting s, unnest(s.setconfig) c
            WHERE s.setrole = login AND s.setdatabase = 0 AND split_part(c, '=', 1) = 'rs.' || p.name
        ), p.otherwise)::boolean
    ) THEN
        RAISE EXCEPTION USING ERRCODE = '0A000',
            MESSAGE = 'RLS protected relation does not support session level config on case sensitivity being different from its default value.';
    END IF;
END
$$;

-- Every procedure as it is without guards, and where it looks for names.
CREATE FUNCTION redshift_catalog.rs_bodies(OUT routine oid, OUT source text, OUT path text[]) RETURNS SETOF record LANGUAGE sql STABLE AS
$$
    SELECT p.oid, CASE WHEN p.prosrc = k.after THEN k.before ELSE p.prosrc END, coalesce((
        SELECT string_to_array(replace(substr(c, 13), '"', ''), ', ') FROM unnest(p.proconfig) c WHERE c LIKE 'search_path=%'
    ), pg_catalog.current_schemas(true)::text[])
    FROM pg_catalog.pg_proc p
    JOIN pg_catalog.pg_language l ON l.oid = p.prolang
    LEFT JOIN redshift_catalog.rs_guarded_body k ON k.routine = p.oid
    WHERE p.prokind = 'p' AND l.lanname = 'plpgsql' AND p.pronamespace <> 'redshift_catalog'::regnamespace
        AND (k.routine IS NOT NULL OR EXISTS (SELECT 1 FROM redshift_catalog.rs_guard))
$$;

-- Gives a procedure the body that names guards, or its own again.
CREATE FUNCTION redshift_catalog.rs_guard_body(routine oid, before text, after text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
BEGIN
    UPDATE pg_catalog.pg_proc p SET prosrc = after WHERE p.oid = routine AND p.prosrc <> after;
    IF FOUND THEN
        DELETE FROM redshift_catalog.rs_guarded_body k WHERE k.routine = $1;
        INSERT INTO redshift_catalog.rs_guarded_body SELECT $1, before, after WHERE before <> after;
    END IF;
END
$$;

-- Row-level security and dynamic data masking as they are applied (t_rls, t_ddm).
--
-- A relation with row-level security or masks has a guard: a view in redshift_catalog that has its columns, shows of its rows what the
-- policies of the user who asks let through, and has its rights. What reads the relation gets the guard instead:
--   * a view by its rule, in which the guard's oid stands where the relation's stood, so that its owner does not count (t_rls_usage:
--     the policies of the user who runs the query hold on the relations below a view);
--   * a statement, and the body of a procedure when one is called, by name (statement/guard.rs).
-- The user who asks is current_user: in a procedure with SECURITY DEFINER its owner (r_CURRENT_USER). On the table itself PostgreSQL's
-- own row-level security holds UPDATE and DELETE to the rows that the user sees (t_rls_usage), and what reads it by a way of its own.
SET search_path = redshift_catalog, pg_catalog;

-- The user and the roles that the user has, directly or through other roles.
CREATE FUNCTION redshift_catalog.rs_held(asking name) RETURNS SETOF oid LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
    WITH RECURSIVE held (role) AS (
        SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = asking
        UNION
        SELECT m.roleid FROM pg_catalog.pg_auth_members m JOIN held h ON h.role = m.member
    )
    SELECT h.role FROM held h
$$;

-- Whether a policy of a relation is one of the user's: by name, priority and masked column as far as they are given. A superuser has only
-- the roles that were granted.
CREATE FUNCTION redshift_catalog.rs_applies(asking name, relation regclass, kind text, policy text, priority integer, masked text)
    RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS
$$
    SELECT EXISTS (
        SELECT 1 FROM redshift_catalog.rs_attached_policy a
        WHERE a.relation = $2 AND a.kind = $3 AND (policy IS NULL OR a.name = policy) AND ($5 IS NULL OR a.priority = $5)
            AND (masked IS NULL OR masked = ANY (a.output_columns))
            AND (a.grantee = 0 OR a.grantee IN (SELECT redshift_catalog.rs_held(asking))))
$$;

-- Superusers and those with the permission IGNORE RLS, which sys:secadmin has (t_rls_ownership).
CREATE FUNCTION redshift_catalog.rs_ignores_rls(asking name) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
    SELECT r.rolsuper OR EXISTS (
        SELECT 1 FROM redshift_catalog.rs_permission p
        WHERE p.scope = 'SYSTEM' AND p.privilege = 'IGNORE RLS' AND p.grantee IN (SELECT redshift_catalog.rs_held(asking)))
    FROM pg_catalog.pg_roles r
    WHERE r.rolname = asking
$$;

-- Stands where something would have to be hidden and cannot be.
CREATE FUNCTION redshift_catalog.rs_refuse(message text) RETURNS boolean LANGUAGE plpgsql AS
$$
BEGIN
    RAISE EXCEPTION '%', message USING ERRCODE = 'feature_not_supported';
END
$$;

-- The condition under which a row of a relation with row-level security is seen (t_rls_combine_policies): nobody without a policy sees
-- one. In UPDATE and DELETE (is_change) policies that look something up are refused, which Redshift does for some of them (t_rls_usage).
CREATE FUNCTION redshift_catalog.rs_row_filter(relation oid, is_change boolean) RETURNS text LANGUAGE sql STABLE AS
$$
    WITH policy AS (
        SELECT format('(SELECT redshift_catalog.rs_applies(current_user, %L::regclass, ''rls'', %L, NULL, NULL))', c.oid::regclass, p.name) AS holds,
            CASE WHEN NOT is_change THEN format('coalesce((%s), false)', p.value_exprs[1])
                WHEN 'select' = ANY (redshift_catalog.rs_words(p.value_exprs[1]))
                THEN 'redshift_catalog.rs_refuse(''One of the RLS policies on target relation is not supported in UPDATE/DELETE.'')'
                ELSE format('(SELECT coalesce((%s), false) FROM (SELECT %s) %I)', p.value_exprs[1], coalesce((
                    SELECT string_agg(format('%I.%I', c.relname, x.colname), ', ')
                    FROM jsonb_to_recordset(p.attributes::jsonb) x (colname text)), '1'), coalesce(p.alias, c.relname))
            END AS condition
        FROM (SELECT DISTINCT a.relation, a.name FROM redshift_catalog.rs_attached_policy a WHERE a.kind = 'rls' AND a.relation = $1) a
        JOIN redshift_catalog.rs_policy p ON p.kind = 'rls' AND p.name = a.name
        JOIN pg_catalog.pg_class c ON c.oid = a.relation
        ORDER BY p.name
    )
    SELECT '(SELECT redshift_catalog.rs_ignores_rls(current_user)) OR ' || CASE
        WHEN NOT EXISTS (SELECT 1 FROM policy) THEN 'false'
        WHEN s.conjunction = 'or' THEN (SELECT string_agg('(' || holds || ' AND ' || condition || ')', ' OR ') FROM policy)
        ELSE (SELECT '((' || string_agg(holds, ' OR ') || ') AND ' || string_agg('(NOT ' || holds || ' OR ' || condition || ')', ' AND ') || ')'
            FROM policy)
    END
    FROM redshift_catalog.rs_row_level_security s
    WHERE s.relation = $1 AND s.is_on
$$;

-- The value of a column: the mask of the highest priority of those that are the user's (t_ddm-hierarchy), of any user's, a superuser too
-- (ddm-example); else its own. A mask has its inputs under its own names and with its own types.
CREATE FUNCTION redshift_catalog.rs_masked_value(relation oid, attribute pg_catalog.pg_attribute, known_as text) RETURNS text
    LANGUAGE sql STABLE AS
$$
    WITH mask AS (
        SELECT DISTINCT ON (a.priority, a.name) format('WHEN (SELECT redshift_catalog.rs_applies(current_user, %L::regclass, ''masking'', %L, %s, %L)) '
            'THEN (SELECT (%s) FROM (SELECT %s) rs_inputs)',
            a.relation::regclass, a.name, a.priority, attribute.attname,
            p.value_exprs[array_position(a.output_columns, attribute.attname::text)], (
                SELECT string_agg(format('CAST(%I.%I AS %s) AS %I', known_as, i.name, x.type, x.colname), ', ' ORDER BY i.place)
                FROM unnest(a.input_columns) WITH ORDINALITY i (name, place)
                JOIN ROWS FROM (jsonb_to_recordset(p.attributes::jsonb) AS (colname text, type text)) WITH ORDINALITY x (colname, type, place)
                    USING (place)
            )) AS choice, a.priority
        FROM redshift_catalog.rs_attached_policy a
        JOIN redshift_catalog.rs_policy p USING (kind, name)
        WHERE a.kind = 'masking' AND a.relation = $1 AND attribute.attname::text = ANY (a.output_columns)
    )
    SELECT format('CAST(CASE %s ELSE %I.%I END AS %s) AS %3$I', string_agg(choice, ' ' ORDER BY priority DESC), known_as, attribute.attname,
        pg_catalog.format_type(attribute.atttypid, attribute.atttypmod))
    FROM mask
    HAVING count(*) > 0
$$;

-- The query of a relation's guard; NULL if it needs none. Columns that are gone keep their places.
CREATE FUNCTION redshift_catalog.rs_guard_query(relation oid) RETURNS text LANGUAGE sql STABLE AS
$$
    SELECT format('SELECT %s FROM %s AS %I%s', (
            SELECT string_agg(CASE WHEN a.attisdropped THEN format('NULL::integer AS %I', a.attname)
                ELSE coalesce(redshift_catalog.rs_masked_value(c.oid, a, x.alias), format('%I.%I', x.alias, a.attname)) END,
                ', ' ORDER BY a.attnum)
            FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
        ), c.oid::regclass, x.alias, ' WHERE ' || redshift_catalog.rs_row_filter(c.oid, false))
    FROM pg_catalog.pg_class c
    CROSS JOIN LATERAL (
        SELECT coalesce((
            SELECT max(p.alias) FROM redshift_catalog.rs_attached_policy a JOIN redshift_catalog.rs_policy p USING (kind, name)
            WHERE a.kind = 'rls' AND a.relation = c.oid), c.relname) AS alias
    ) x
    WHERE c.oid = $1 AND (
        EXISTS (SELECT 1 FROM redshift_catalog.rs_row_level_security s WHERE s.relation = $1 AND s.is_on)
        OR EXISTS (SELECT 1 FROM redshift_catalog.rs_attached_policy a WHERE a.kind = 'masking' AND a.relation = $1))
$$;

-- A guard is read by whom its relation is read.
CREATE FUNCTION redshift_catalog.rs_guard_rights() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS
$$
    UPDATE pg_catalog.pg_class c SET relacl = x.acl
    FROM redshift_catalog.rs_guard g
    JOIN pg_catalog.pg_class r ON r.oid = g.relation
    CROSS JOIN LATERAL (SELECT coalesce(r.relacl, acldefault('r', r.relowner)) AS acl) x
    WHERE c.oid = g.guard AND c.relacl IS DISTINCT FROM x.acl;
    UPDATE pg_catalog.pg_attribute a SET attacl = r.attacl
    FROM redshift_catalog.rs_guard g
    JOIN pg_catalog.pg_attribute r ON r.attrelid = g.relation
    WHERE a.attrelid = g.guard AND a.attnum = r.attnum AND r.attnum > 0 AND a.attacl IS DISTINCT FROM r.attacl;
$$;

-- PostgreSQL's own row-level security on a table: of rows for UPDATE and DELETE, and against a masked value that some other way would show.
CREATE FUNCTION redshift_catalog.rs_guard_table(relation oid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
DECLARE
    masked boolean := EXISTS (SELECT 1 FROM redshift_catalog.rs_attached_policy a WHERE a.kind = 'masking' AND a.relation = $1);
    condition text := redshift_catalog.rs_row_filter($1, true);
BEGIN
    IF condition IS NULL AND NOT masked THEN
        EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', $1::regclass);
        RETURN;
    END IF;
    condition := concat_ws(' AND ', '(' || condition || ')', CASE WHEN masked THEN format(
        '(NOT (SELECT redshift_catalog.rs_applies(current_user, %L::regclass, ''masking'', NULL, NULL, NULL)) OR redshift_catalog.rs_refuse(%L))',
        $1::regclass, format('redshift-local: %s is masked, and this statement cannot be guarded', $1::regclass)) END);
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', $1::regclass);
    EXECUTE format('CREATE POLICY rs_guard ON %s USING (%s) WITH CHECK (true)', $1::regclass, condition);
END
$$;

-- Makes a relation's guard anew, drops it, or leaves the relation without. The views that read it follow.
CREATE FUNCTION redshift_catalog.rs_guard_relation(relation oid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS
$$
DECLARE
    known redshift_catalog.rs_guard;
    class pg_catalog.pg_class := (SELECT c FROM pg_catalog.pg_class c WHERE c.oid = relation);
    query text;
    readers oid[];
    reader oid;
    path text := concat_ws(', ', (
        SELECT string_agg(DISTINCT p.path, ', ') FROM redshift_catalog.rs_attached_policy a JOIN redshift_catalog.rs_policy p USING (kind, name)
        WHERE a.relation = $1), 'redshift_catalog, pg_catalog');
    before text := pg_catalog.current_setting('search_path');
BEGIN
    IF EXISTS (
        SELECT 1 FROM redshift_catalog.rs_attached_policy a, unnest(a.output_columns || a.input_columns) named
        WHERE a.relation = $1 AND named NOT IN (
            SELECT c.attname FROM pg_catalog.pg_attribute c WHERE c.attrelid = $1 AND c.attnum > 0 AND NOT c.attisdropped)
    ) THEN
        RAISE EXCEPTION 'a masking policy of relation "%" names the column: detach it first', class.relname
            USING ERRCODE = 'dependent_objects_still_exist';
    END IF;
    -- What a policy names is found where it was written.
    PERFORM pg_catalog.set_config('search_path', path, true);
    query := redshift_catalog.rs_guard_query(relation);
    DELETE FROM redshift_catalog.rs_guard g WHERE g.relation = $1 RETURNING * INTO known;
    readers := ARRAY(SELECT redshift_catalog.rs_rules_on(relation) UNION SELECT redshift_catalog.rs_rules_on(known.guard));
    FOREACH reader IN ARRAY readers LOOP
        PERFORM redshift_catalog.rs_guard_rule(reader);
    END LOOP;
    IF class.relkind = 'r' THEN
        IF EXISTS (SELECT 1 FROM pg_catalog.pg_policy p WHERE p.polrelid = relation AND p.polname = 'rs_guard') THEN
            EXECUTE format('DROP POLICY rs_guard ON %s', relation::regclass);
        END IF;
        PERFORM redshift_catalog.rs_guard_table(relation);
    END IF;
    IF known.guard IS NOT NULL THEN
        EXECUTE format('DROP VIEW redshift_catalog.%I', known.name);
    END IF;
    IF query IS NOT NULL THEN
        -- The same on any warehouse, so that a view reads the same there.
        known.name := 'rs_guard_' || pg_catalog.md5(class.relnamespace::regnamespace || '.' || pg_catalog.quote_ident(class.relname));
        EXECUTE format('CREATE VIEW redshift_catalog.%I WITH (security_barrier) AS %s', known.name, query);
        known.guard := format('redshift_catalog.%I', known.name)::regclass;
        INSERT INTO redshift_catalog.rs_guard VALUES (relation, known.guard, known.name);
        UPDATE pg_catalog.pg_attribute a SET attisdropped = true FROM pg_catalog.pg_attribute r
        WHERE r.attrelid = relation AND r.attisdropped AND a.attrelid = known.guard AND a.attnum = r.attnum;
        -- Whoever changes the relation need not know of the guard, which follows. What policies look up stays.
        DELETE FROM pg_catalog.pg_depend d USING pg_catalog.pg_rewrite r
        WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid AND r.ev_class = known.guard AND d.refobjid = relation;
        PERFORM redshift_catalog.rs_guard_rights();
        FOREACH reader IN ARRAY readers LOOP
            PERFORM redshift_catalog.rs_guard_rule(reader);
        END LOOP;
    END IF;
    PERFORM pg_catalog.set_config('search_path', before, true);
END
$$;

-- The same of several relations; the event triggers rest.
CREATE FUNCTION redshift_catalog.rs_guard_all(relations oid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS
$$
DECLARE
    enters boolean := redshift_catalog.rs_enter();
    relation oid;
BEGIN
    FOREACH relation IN ARRAY relations LOOP
        PERFORM redshift_catalog.rs_guard_relation(relation);
    END LOOP;
    IF enters THEN
        PERFORM redshift_catalog.rs_leave();
    END IF;
END
$$;

-- After a statement that changed these objects: relations with policies get other guards, views read the guards of what they read now.
CREATE FUNCTION redshift_catalog.rs_guard_after(objects oid[], views oid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM redshift_catalog.rs_guard) THEN
        RETURN;
    END IF;
    PERFORM redshift_catalog.rs_guard_all(ARRAY(SELECT g.relation FROM redshift_catalog.rs_guard g WHERE g.relation = ANY (objects)));
    PERFORM redshift_catalog.rs_guard_rule(v) FROM unnest(views) v;
    PERFORM redshift_catalog.rs_guard_rights();
END
$$;

-- What was dropped takes its guard along. What a policy looks up is not dropped before the policy, not even with CASCADE
-- (t_rls_object_dependency).
CREATE FUNCTION redshift_catalog.rs_guard_dropped(objects oid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
DECLARE
    guard text;
BEGIN
    FOR guard IN DELETE FROM redshift_catalog.rs_guard g WHERE g.relation = ANY (objects) RETURNING g.name LOOP
        EXECUTE format('DROP VIEW IF EXISTS redshift_catalog.%I', guard);
    END LOOP;
    IF EXISTS (SELECT 1 FROM redshift_catalog.rs_guard g WHERE g.guard = ANY (objects)) THEN
        RAISE EXCEPTION 'cannot drop what a policy looks up' USING ERRCODE = 'dependent_objects_still_exist';
    END IF;
    DELETE FROM redshift_catalog.rs_guarded_rule k WHERE k.view = ANY (objects);
    DELETE FROM redshift_catalog.rs_guarded_body k WHERE k.routine = ANY (objects);
END
$$;


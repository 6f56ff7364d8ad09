-- GRANT and REVOKE of what PostgreSQL has no place for: ALTER and DROP on schemas, ALTER on databases, scoped permissions, system
-- permissions and ASSUMEROLE (statement/grant.rs). All are listed. Scoped permissions hold, too.
SET search_path = redshift_catalog, pg_catalog;

-- A row in rs_permission for each IAM role, privilege and grantee. change: grant, revoke, or revoke option. Grantees are named as PostgreSQL
-- knows the roles, PUBLIC as public.
CREATE PROCEDURE redshift_catalog.rs_permit(
    change text, kind text, in_schema text, in_database text, iam_roles text[], privileges text[], grantees text[], with_option boolean
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
DECLARE
    place oid := 0;
    place_owner oid;
    whom oid[] := ARRAY(SELECT CASE g WHEN 'public' THEN 0 ELSE format('%I', g)::regrole::oid END FROM unnest(grantees) g);
    changed record;
BEGIN
    IF in_database <> current_database() THEN
        RAISE EXCEPTION USING ERRCODE = '3D000', MESSAGE = format('database "%s" does not exist', in_database);
    ELSIF in_schema IS NOT NULL THEN
        place := format('%I', in_schema)::regnamespace;
        place_owner := (SELECT n.nspowner FROM pg_namespace n WHERE n.oid = place);
    ELSIF in_database IS NOT NULL THEN
        SELECT d.oid, d.datdba INTO place, place_owner FROM pg_database d WHERE d.datname = in_database;
    ELSIF kind = 'ASSUMEROLE' THEN
        privileges := ARRAY(SELECT DISTINCT p FROM unnest(privileges) p);
    ELSIF privileges = ARRAY['ALL'] THEN
        privileges := ARRAY(SELECT s.privilege FROM redshift_catalog.rs_system_permission s);
    ELSIF EXISTS (SELECT FROM unnest(privileges) p WHERE p NOT IN (SELECT s.privilege FROM redshift_catalog.rs_system_permission s)) THEN
        RAISE EXCEPTION USING ERRCODE = '0LP01', MESSAGE = format('unrecognized privilege type %s', lower(array_to_string(privileges, ', ')));
    END IF;
    -- Superusers may; on an object its owner; else who holds the option (r_GRANT-usage-notes, t_scoped-permissions-considerations).
    IF NOT (kind IN ('SCHEMA', 'DATABASE') AND pg_has_role(session_user, place_owner, 'USAGE')) AND EXISTS (
        SELECT FROM unnest(privileges) wanted
        WHERE NOT EXISTS (
            SELECT FROM redshift_catalog.rs_permission p
            WHERE p.scope = kind AND p.object = place AND p.privilege = wanted AND p.admin_option AND pg_has_role(session_user, p.grantee, 'USAGE')
        )
    ) THEN
        CALL redshift_catalog.rs_expect_superuser();
    END IF;
    FOR changed IN
        SELECT r.iam_role, p.privilege, g.grantee
        FROM unnest(privileges) p (privilege)
        CROSS JOIN unnest(whom) g (grantee)
        CROSS JOIN unnest(CASE WHEN kind = 'ASSUMEROLE' THEN iam_roles ELSE ARRAY[''] END) r (iam_role)
    LOOP
        IF change = 'grant' THEN
            INSERT INTO redshift_catalog.rs_permission AS held (scope, object, iam_role, privilege, grantee, admin_option)
            VALUES (kind, place, changed.iam_role, changed.privilege, changed.grantee, with_option)
            ON CONFLICT ON CONSTRAINT rs_permission_pkey DO UPDATE SET admin_option = held.admin_option OR excluded.admin_option;
        ELSIF change = 'revoke' THEN
            DELETE FROM redshift_catalog.rs_permission p
            WHERE p.scope = kind AND p.object = place AND p.privilege = changed.privilege AND p.grantee = changed.grantee
                AND (p.iam_role = changed.iam_role OR changed.iam_role = 'default');
        ELSE
            UPDATE redshift_catalog.rs_permission p SET admin_option = false
            WHERE p.scope = kind AND p.object = place AND p.privilege = changed.privilege AND p.grantee = changed.grantee;
        END IF;
        -- What PUBLIC has from the start is granted to it by nobody, and so not listed; only that it was taken away is kept.
        IF kind = 'ASSUMEROLE' AND changed.grantee = 0 AND changed.iam_role = 'default' THEN
            DELETE FROM redshift_catalog.rs_permission p WHERE p.scope = 'NO ASSUMEROLE' AND p.privilege = changed.privilege;
            INSERT INTO redshift_catalog.rs_permission (scope, object, iam_role, privilege, grantee, admin_option)
            SELECT 'NO ASSUMEROLE', 0, '', changed.privilege, 0, false WHERE change = 'revoke';
        END IF;
    END LOOP;
    IF kind NOT IN ('SCHEMA', 'DATABASE') AND place <> 0 THEN
        FOR changed IN SELECT unnest(whom) AS grantee LOOP
            CALL redshift_catalog.rs_apply_scopes(changed.grantee);
        END LOOP;
    END IF;
END
$$;

-- Scoped permissions hold for all objects of the scope and are independent of rights on the single object (t_scoped-permissions-considerations).
-- So a role of PostgreSQL's, "scope <oid of the grantee>", has them: the grantee is its member, and no view lists it.
CREATE FUNCTION redshift_catalog.rs_scoped_privilege(privilege text) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT CASE $1 WHEN 'DROP' THEN 'TRIGGER' WHEN 'ALTER' THEN 'MAINTAIN' ELSE $1 END $$;

-- Gives the grantee's role what it is to have now.
CREATE PROCEDURE redshift_catalog.rs_apply_scopes(grantee oid) LANGUAGE plpgsql SET search_path = pg_catalog AS
$$
DECLARE
    stand_in text := 'scope ' || grantee;
    statement text;
BEGIN
    IF EXISTS (SELECT FROM pg_roles r WHERE r.rolname = stand_in) THEN
        EXECUTE format('DROP OWNED BY %I', stand_in);
        EXECUTE format('DROP ROLE %I', stand_in);
    END IF;
    IF NOT EXISTS (SELECT FROM redshift_catalog.rs_permission p WHERE p.grantee = $1 AND p.object <> 0 AND p.scope NOT IN ('SCHEMA', 'DATABASE')) THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE ROLE %I ROLE %s', stand_in, $1::regrole);
    FOR statement IN
        SELECT DISTINCT format('GRANT %s ON %s TO %I', redshift_catalog.rs_scoped_privilege(p.privilege), o.objects, stand_in)
        FROM redshift_catalog.rs_permission p
        JOIN redshift_catalog.rs_user_schema n ON n.nspname NOT LIKE 'pg_temp%'
            AND (p.object = n.oid OR p.object = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
        CROSS JOIN LATERAL (
            SELECT CASE
                WHEN p.scope IN ('TABLES', 'FUNCTIONS', 'PROCEDURES') THEN format('ALL %s IN SCHEMA %I', p.scope, n.nspname)
                WHEN p.scope = 'SCHEMAS' AND p.privilege IN ('CREATE', 'USAGE') THEN format('SCHEMA %I', n.nspname)
                WHEN p.scope = 'LANGUAGES' THEN (
                    SELECT 'LANGUAGE ' || string_agg(quote_ident(l.lanname), ', ') FROM pg_language l WHERE l.lanpltrusted
                )
            END AS objects
        ) o
        WHERE p.grantee = $1 AND o.objects IS NOT NULL
    LOOP
        EXECUTE statement;
    END LOOP;
END
$$;

-- New objects come under the scoped permissions that are there.
CREATE FUNCTION redshift_catalog.rs_scope_end() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
DECLARE
    statement text;
BEGIN
    IF NOT EXISTS (SELECT FROM redshift_catalog.rs_permission p WHERE p.object <> 0) THEN
        RETURN;
    END IF;
    FOR statement IN
        SELECT format('GRANT %s ON %s %s TO %I',
            redshift_catalog.rs_scoped_privilege(p.privilege), k.object, c.object_identity, 'scope ' || p.grantee)
        FROM pg_event_trigger_ddl_commands() c
        JOIN (VALUES ('table', 'TABLES', 'TABLE'), ('view', 'TABLES', 'TABLE'), ('materialized view', 'TABLES', 'TABLE'),
            ('function', 'FUNCTIONS', 'FUNCTION'), ('procedure', 'PROCEDURES', 'PROCEDURE'), ('schema', 'SCHEMAS', 'SCHEMA')
        ) k (type, scope, object) ON k.type = c.object_type
        JOIN redshift_catalog.rs_permission p ON p.scope = k.scope AND NOT (k.object = 'SCHEMA' AND p.privilege IN ('ALTER', 'DROP'))
            AND p.object IN (
                SELECT n.oid FROM pg_namespace n WHERE n.nspname = c.schema_name
                UNION ALL SELECT d.oid FROM pg_database d WHERE d.datname = current_database()
            )
        WHERE c.command_tag LIKE 'CREATE%' AND NOT (c.schema_name IS NOT NULL AND c.schema_name LIKE 'pg_temp%')
    LOOP
        EXECUTE statement;
    END LOOP;
END
$$;
CREATE EVENT TRIGGER rs_scope_end ON ddl_command_end
    WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'CREATE VIEW', 'CREATE MATERIALIZED VIEW', 'CREATE FUNCTION', 'CREATE PROCEDURE', 'CREATE SCHEMA')
    EXECUTE FUNCTION redshift_catalog.rs_scope_end();

-- r_GRANT-usage-notes: nobody holds the same privilege on a table and on one of its columns. So a grant on the table is refused while one on a
-- column is there (by_column false), and a revoke on a column while one on the table is.
CREATE PROCEDURE redshift_catalog.rs_expect_level(relations text[], privileges text[], grantees text[], by_column boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET enable_nestloop = on AS
$$
BEGIN
    IF EXISTS (
        SELECT
        FROM unnest(relations::regclass[]) r (relation)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = r.relation AND a.attacl IS NOT NULL AND NOT by_column
        CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) x
        LEFT JOIN pg_catalog.pg_roles g ON g.oid = x.grantee
        WHERE x.privilege_type = ANY (privileges) AND coalesce(g.rolname, 'public') = ANY (grantees) AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_class c CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) t
            WHERE c.oid = r.relation AND t.grantee = x.grantee AND t.privilege_type = x.privilege_type
        )
        UNION ALL
        SELECT
        FROM pg_catalog.pg_class c
        CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) x
        LEFT JOIN pg_catalog.pg_roles g ON g.oid = x.grantee
        WHERE by_column AND c.oid = ANY (relations::regclass[]) AND x.privilege_type = ANY (privileges)
            AND coalesce(g.rolname, 'public') = ANY (grantees)
    ) THEN
        RAISE EXCEPTION USING ERRCODE = '0LP01',
            MESSAGE = CASE WHEN by_column THEN 'cannot revoke a column privilege: it is held on the table'
                ELSE 'cannot grant a table privilege: it is held on a column' END;
    END IF;
END
$$;

-- r_HAS_ASSUMEROLE_PRIVILEGE. Until it is revoked everybody has it for all IAM roles, superusers always (r_GRANT-usage-notes-assumerole).
CREATE FUNCTION redshift_catalog.has_assumerole_privilege(name, text, text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
    SELECT r.rolsuper
        OR NOT EXISTS (SELECT FROM redshift_catalog.rs_permission p WHERE p.scope = 'NO ASSUMEROLE' AND p.privilege = c.command)
        OR EXISTS (SELECT FROM redshift_catalog.rs_permission p
            WHERE p.scope = 'ASSUMEROLE' AND p.privilege = c.command AND p.iam_role IN ($2, 'default')
                AND (p.grantee = 0 OR pg_has_role(r.oid, p.grantee, 'USAGE')))
    FROM pg_roles r, (SELECT replace(upper($3), 'EXTERNAL FUNCTION', 'EXFUNC')) c (command)
    WHERE r.rolname = $1 AND ($1 = session_user OR pg_has_role(session_user, 'rdsdb', 'MEMBER'))
$$;
CREATE FUNCTION redshift_catalog.has_assumerole_privilege(text, text) RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT redshift_catalog.has_assumerole_privilege(session_user, $1, $2) $$;

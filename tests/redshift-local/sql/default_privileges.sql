-- ALTER DEFAULT PRIVILEGES (r_ALTER_DEFAULT_PRIVILEGES): PG_DEFAULT_ACL, SVV_DEFAULT_PRIVILEGES, and the defaults of procedures, which
-- PostgreSQL takes for functions.
SET search_path = redshift_catalog, pg_catalog;

-- EXECUTE on procedures that owner is going to create: anywhere (namespace 0), or in one schema.
CREATE TABLE redshift_catalog.rs_default_procedure (
    owner oid,
    namespace oid,
    grantee oid,
    admin_option boolean NOT NULL,
    PRIMARY KEY (owner, namespace, grantee)
);

-- The procedures that have got their defaults: CREATE OR REPLACE leaves a procedure's privileges as they are.
CREATE TABLE redshift_catalog.rs_procedure (routine oid PRIMARY KEY);

-- Before defaults in schemas: their objects' owner, by default who runs the statement, must be allowed to create some there.
CREATE PROCEDURE redshift_catalog.rs_expect_create(owners text[], schemas text[]) LANGUAGE plpgsql SET search_path = pg_catalog AS
$$
DECLARE
    in_schema text;
BEGIN
    FOREACH in_schema IN ARRAY schemas LOOP
        IF NOT (SELECT bool_and(has_schema_privilege(o, in_schema, 'CREATE'))
            FROM unnest(CASE owners WHEN '{}' THEN ARRAY[session_user::text] ELSE owners END) o) THEN
            RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = format('permission denied for schema %s', in_schema);
        END IF;
    END LOOP;
END
$$;

CREATE PROCEDURE redshift_catalog.rs_default_procedures(change text, owners text[], schemas text[], grantees text[], with_option boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
DECLARE
    changed record;
BEGIN
    IF owners <> '{}' AND owners <> ARRAY[session_user::text] THEN
        CALL redshift_catalog.rs_expect_superuser();
    END IF;
    FOR changed IN
        SELECT format('%I', o)::regrole::oid AS owner, CASE WHEN s IS NULL THEN 0 ELSE format('%I', s)::regnamespace::oid END AS namespace,
            CASE g WHEN 'public' THEN 0 ELSE format('%I', g)::regrole::oid END AS grantee
        FROM unnest(CASE owners WHEN '{}' THEN ARRAY[session_user::text] ELSE owners END) o
        CROSS JOIN unnest(CASE schemas WHEN '{}' THEN ARRAY[NULL] ELSE schemas END) s
        CROSS JOIN unnest(grantees) g
    LOOP
        IF change = 'grant' THEN
            INSERT INTO redshift_catalog.rs_default_procedure AS held VALUES (changed.owner, changed.namespace, changed.grantee, with_option)
            ON CONFLICT ON CONSTRAINT rs_default_procedure_pkey DO UPDATE SET admin_option = held.admin_option OR excluded.admin_option;
        ELSIF change = 'revoke' THEN
            DELETE FROM redshift_catalog.rs_default_procedure d
            WHERE d.owner = changed.owner AND d.namespace = changed.namespace AND d.grantee = changed.grantee;
        ELSE
            UPDATE redshift_catalog.rs_default_procedure d SET admin_option = false
            WHERE d.owner = changed.owner AND d.namespace = changed.namespace AND d.grantee = changed.grantee;
        END IF;
    END LOOP;
END
$$;

-- A new procedure is its owner's alone (stored-procedure-security-and-privileges), but for the defaults of procedures.
CREATE FUNCTION redshift_catalog.rs_procedure_end() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
DECLARE
    made record;
    statement text;
BEGIN
    FOR made IN
        SELECT p.oid, p.proowner, p.pronamespace, p.proacl, c.object_identity
        FROM pg_event_trigger_ddl_commands() c JOIN pg_proc p ON p.oid = c.objid AND p.prokind = 'p'
    LOOP
        INSERT INTO redshift_catalog.rs_procedure VALUES (made.oid) ON CONFLICT DO NOTHING;
        CONTINUE WHEN NOT FOUND;
        FOR statement IN
            SELECT format('REVOKE ALL ON PROCEDURE %s FROM %s', made.object_identity, coalesce(quote_ident(r.rolname), 'PUBLIC'))
            FROM aclexplode(coalesce(made.proacl, acldefault('f', made.proowner))) x LEFT JOIN pg_roles r ON r.oid = x.grantee
            WHERE x.grantee <> made.proowner
            UNION ALL
            SELECT format('GRANT EXECUTE ON PROCEDURE %s TO %s%s', made.object_identity, coalesce(quote_ident(r.rolname), 'PUBLIC'),
                CASE WHEN bool_or(d.admin_option) THEN ' WITH GRANT OPTION' ELSE '' END)
            FROM redshift_catalog.rs_default_procedure d LEFT JOIN pg_roles r ON r.oid = d.grantee
            WHERE d.owner = made.proowner AND d.namespace IN (0, made.pronamespace)
            GROUP BY r.rolname
        LOOP
            EXECUTE statement;
        END LOOP;
    END LOOP;
END
$$;
CREATE EVENT TRIGGER rs_procedure_end ON ddl_command_end WHEN TAG IN ('CREATE PROCEDURE') EXECUTE FUNCTION redshift_catalog.rs_procedure_end();

-- What is kept about a schema or procedure goes with it.
CREATE FUNCTION redshift_catalog.rs_privileges_drop() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
DECLARE
    held record;
BEGIN
    DELETE FROM redshift_catalog.rs_procedure p USING pg_event_trigger_dropped_objects() d
    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.routine;
    DELETE FROM redshift_catalog.rs_default_procedure p USING pg_event_trigger_dropped_objects() d
    WHERE d.classid = 'pg_namespace'::regclass AND d.objid = p.namespace;
    FOR held IN
        WITH gone AS (
            DELETE FROM redshift_catalog.rs_permission p USING pg_event_trigger_dropped_objects() d
            WHERE d.classid = 'pg_namespace'::regclass AND d.objid = p.object
            RETURNING p.grantee
        )
        SELECT DISTINCT grantee FROM gone
    LOOP
        CALL redshift_catalog.rs_apply_scopes(held.grantee);
    END LOOP;
END
$$;
CREATE EVENT TRIGGER rs_privileges_drop ON sql_drop WHEN TAG IN ('DROP SCHEMA', 'DROP PROCEDURE')
    EXECUTE FUNCTION redshift_catalog.rs_privileges_drop();

-- Every default: r tables and views, f functions, p procedures.
CREATE VIEW redshift_catalog.rs_default_privilege AS
SELECT d.oid AS id, d.defaclrole AS owner, d.defaclnamespace AS namespace, d.defaclobjtype AS type, x.grantee, x.privilege_type AS privilege, x.is_grantable
FROM pg_catalog.pg_default_acl d
CROSS JOIN LATERAL pg_catalog.aclexplode(d.defaclacl) x
UNION ALL
SELECT 0::oid, d.owner, d.namespace, 'p', d.grantee, 'EXECUTE', d.admin_option
FROM redshift_catalog.rs_default_procedure d;

-- r_PG_DEFAULT_ACL. Who is no superuser sees the own defaults.
CREATE VIEW redshift_catalog.pg_default_acl AS
SELECT
    min(d.id) AS oid, redshift_catalog.rs_user_id(d.owner) AS defacluser, d.namespace AS defaclnamespace, d.type AS defaclobjtype,
    redshift_catalog.rs_acl(array_agg(pg_catalog.makeaclitem(d.grantee, d.owner, d.privilege, d.is_grantable))) AS defaclacl
FROM redshift_catalog.rs_default_privilege d
WHERE pg_catalog.pg_has_role(d.owner, 'USAGE')
GROUP BY d.owner, d.namespace, d.type;

-- r_SVV_DEFAULT_PRIVILEGES: what the owner has anyway is no default.
CREATE VIEW redshift_catalog.svv_default_privileges AS
SELECT
    n.nspname::text AS schema_name,
    CASE d.type WHEN 'r' THEN 'RELATION' WHEN 'f' THEN 'FUNCTION' ELSE 'PROCEDURE' END AS object_type,
    o.id AS owner_id,
    o.name AS owner_name,
    o.type AS owner_type,
    redshift_catalog.rs_privilege(d.privilege) AS privilege_type,
    g.id AS grantee_id,
    g.name AS grantee_name,
    g.type AS grantee_type,
    d.is_grantable AS admin_option
FROM redshift_catalog.rs_default_privilege d
JOIN redshift_catalog.rs_every_identity o ON o.role = d.owner
JOIN redshift_catalog.rs_identity g ON g.role = d.grantee
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.namespace
WHERE d.grantee <> d.owner;

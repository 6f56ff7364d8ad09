-- Functions, procedures, languages and libraries. prokind is in PG_PROC_INFO alone (r_PG_PROC_INFO).
SET search_path = redshift_catalog, pg_catalog;

-- Languages that only Redshift runs, on plpgsql's handler: their functions are kept with a body that refuses to run. Users need USAGE
-- on them (udf-security-and-privileges; udf-lambda-access).
CREATE TRUSTED LANGUAGE plpythonu HANDLER plpgsql_call_handler;
CREATE TRUSTED LANGUAGE exfunc HANDLER plpgsql_call_handler;
REVOKE USAGE ON LANGUAGE plpythonu, exfunc FROM PUBLIC;

-- PL/pgSQL by the number that queries know it by, on Serverless (amazon-redshift-utils, v_get_stored_proc_params); see provisioned.sql.
CREATE FUNCTION redshift_catalog.rs_number_plpgsql(number oid) RETURNS void LANGUAGE sql AS
$$
    UPDATE pg_catalog.pg_depend SET objid = $1
    WHERE classid = 'pg_catalog.pg_language'::regclass AND objid = (SELECT l.oid FROM pg_catalog.pg_language l WHERE l.lanname = 'plpgsql');
    UPDATE pg_catalog.pg_depend SET refobjid = $1
    WHERE refclassid = 'pg_catalog.pg_language'::regclass AND refobjid = (SELECT l.oid FROM pg_catalog.pg_language l WHERE l.lanname = 'plpgsql');
    UPDATE pg_catalog.pg_proc SET prolang = $1 WHERE prolang = (SELECT l.oid FROM pg_catalog.pg_language l WHERE l.lanname = 'plpgsql');
    UPDATE pg_catalog.pg_language SET oid = $1 WHERE lanname = 'plpgsql';
$$;
SELECT redshift_catalog.rs_number_plpgsql(101857);

CREATE VIEW redshift_catalog.pg_language AS
SELECT l.lanname, l.oid, l.lanispl, l.lanpltrusted, l.lanplcallfoid, l.lanvalidator, redshift_catalog.rs_acl(l.lanacl) AS lanacl
FROM pg_catalog.pg_language l;

-- Routines, and the procedures behind each materialized view, which have its oid and that of its row type (public listings of PG_PROC show
-- such names). proargtypes holds the input arguments alone; proallargtypes and proargmodes are NULL when all arguments are IN. A routine
-- whose body PostgreSQL has in other words shows what was written.
CREATE VIEW redshift_catalog.rs_listed_routine AS
SELECT
    p.oid, p.proname, p.pronamespace, redshift_catalog.rs_user_id(p.proowner) AS proowner, p.prolang, p.prokind = 'a' AS proisagg,
    p.prosecdef, p.proisstrict, p.proretset, p.provolatile, p.prokind, p.pronargs, p.prorettype, p.proargtypes, p.proallargtypes,
    p.proargmodes, p.proargnames, coalesce(r.source, k.before, p.prosrc) AS prosrc, p.probin, redshift_catalog.rs_acl(p.proacl) AS proacl
FROM pg_catalog.pg_proc p
LEFT JOIN redshift_catalog.rs_routine r ON r.routine = p.oid
LEFT JOIN redshift_catalog.rs_guarded_body k ON k.routine = p.oid AND k.after = p.prosrc
WHERE p.pronamespace IN (SELECT n.oid FROM redshift_catalog.pg_namespace n)
UNION ALL
SELECT
    b.oid, ('mv_sp__' || c.relname || b.ending)::name, c.relnamespace, redshift_catalog.rs_user_id(c.relowner), l.oid, false,
    false, false, false, 'v', 'p', 4::smallint, 'void'::regtype, '20 20 16 1043'::oidvector, NULL,
    NULL, '{start_xid,end_xid,recompute,finished_xid_list}'::text[], 'BEGIN RAISE INFO ''refreshed''; END', NULL, NULL
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_language l ON l.lanname = 'plpgsql'
CROSS JOIN LATERAL (
    VALUES (c.oid, '__0_0'), (c.reltype, CASE WHEN EXISTS (
        SELECT 1 FROM redshift_catalog.rs_read_by(c.oid) read JOIN pg_catalog.pg_class m ON m.oid = read AND m.relkind = 'm'
    ) THEN '__0_1_cascade' ELSE '__0_1' END)
) AS b (oid, ending)
WHERE c.relkind = 'm';

CREATE VIEW redshift_catalog.pg_proc AS
SELECT
    oid, proname, pronamespace, proowner, prolang, proisagg, prosecdef, proisstrict, proretset, provolatile, pronargs, prorettype,
    proargtypes, proargnames, prosrc, probin, proacl
FROM redshift_catalog.rs_listed_routine;

CREATE VIEW redshift_catalog.pg_proc_info AS
SELECT
    oid AS prooid, proname, pronamespace, proowner, prolang, proisagg, prosecdef, proisstrict, proretset, provolatile,
    prokind, pronargs, prorettype, proargtypes, proallargtypes, proargmodes, proargnames, prosrc, probin, proacl
FROM redshift_catalog.rs_listed_routine;

-- r_SVV_REDSHIFT_FUNCTIONS. Only users' own: what Redshift ships with has other members than PostgreSQL.
CREATE VIEW redshift_catalog.svv_redshift_functions AS
SELECT
    current_database()::varchar(128) AS database_name, n.nspname::varchar(128) AS schema_name, p.proname::varchar(128) AS function_name,
    CASE p.prokind WHEN 'p' THEN 'STORED PROCEDURE' ELSE 'REGULAR FUNCTION' END::varchar(128) AS function_type,
    redshift_catalog.oidvectortypes(p.proargtypes)::varchar(512) AS argument_type,
    CASE p.prokind WHEN 'p' THEN NULL ELSE redshift_catalog.format_type(p.prorettype, NULL) END::varchar(128) AS result_type
FROM pg_catalog.pg_proc p
JOIN redshift_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema');

-- The procedures of a name, which may be qualified.
CREATE FUNCTION redshift_catalog.rs_procedures(name text) RETURNS SETOF oid LANGUAGE sql STABLE AS
$$
    SELECT p.oid
    FROM (SELECT parse_ident($1) AS parts) i
    JOIN pg_catalog.pg_proc p ON p.proname = parts[cardinality(parts)]
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prokind = 'p' AND n.nspname <> 'redshift_catalog'
        AND CASE WHEN cardinality(parts) > 1 THEN n.nspname = parts[cardinality(parts) - 1] ELSE pg_catalog.pg_function_is_visible(p.oid) END
$$;

-- The modes of the procedures of this name that take so many input arguments: a letter an argument, o for OUT.
CREATE FUNCTION redshift_catalog.rs_argument_modes(name text, inputs integer) RETURNS SETOF text LANGUAGE sql STABLE AS
$$
    SELECT DISTINCT coalesce(array_to_string(p.proargmodes, ''), repeat('i', p.pronargs))
    FROM redshift_catalog.rs_procedures($1) o
    JOIN pg_catalog.pg_proc p ON p.oid = o
    WHERE p.pronargs = $2
$$;

-- r_CALL_procedure: procedures call one another 16 levels deep at most. Called at the beginning of each.
CREATE FUNCTION redshift_catalog.rs_check_nesting() RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    context text;
BEGIN
    GET DIAGNOSTICS context = PG_CONTEXT;
    IF regexp_count(context, ' at CALL$', 1, 'n') >= 16 THEN
        RAISE EXCEPTION 'redshift-local: procedures are nested more than 16 levels deep' USING ERRCODE = '54001';
    END IF;
END
$$;

-- r_SHOW_PROCEDURE: the statement that creates a procedure, found by its input types, by all its types, or by its name alone.
CREATE FUNCTION redshift_catalog.rs_show_procedure(name text, types oid[]) RETURNS text LANGUAGE plpgsql STABLE AS
$$
DECLARE
    found_oids oid[] := ARRAY(SELECT p.oid FROM redshift_catalog.rs_procedures($1) o JOIN pg_catalog.pg_proc p ON p.oid = o
        WHERE types IS NULL OR array_to_string(p.proargtypes::oid[], ',') = array_to_string(types, ',') OR p.proallargtypes = types);
BEGIN
    IF cardinality(found_oids) = 0 THEN
        RAISE EXCEPTION 'procedure % does not exist', name USING ERRCODE = '42883';
    ELSIF cardinality(found_oids) > 1 THEN
        RAISE EXCEPTION 'procedure name % is not unique', name USING ERRCODE = '42725';
    END IF;
    RETURN (
        SELECT format(E'CREATE OR REPLACE PROCEDURE %I.%I(%s)\n%sLANGUAGE plpgsql\nAS $_$%s$_$%s', n.nspname, p.proname,
            regexp_replace(redshift_catalog.rs_plain(pg_catalog.pg_get_function_arguments(p.oid)), '(^|, )IN ', E'\\1', 'g'),
            CASE WHEN r.nonatomic THEN E'NONATOMIC\n' ELSE '' END,
            coalesce(r.source, k.before, p.prosrc),
            CASE WHEN p.prosecdef THEN E'\nSECURITY DEFINER' ELSE '' END
                || coalesce((SELECT E'\nSET ' || replace(split_part(c, '=', 1), 'rs.', '') || ' TO ' || CASE WHEN c LIKE 'search_path=%'
                    THEN redshift_catalog.rs_hide_tail(substr(c, 13)) ELSE quote_literal(substr(c, position('=' IN c) + 1)) END
                    FROM unnest(p.proconfig) c), ''))
        FROM pg_catalog.pg_proc p
        JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        LEFT JOIN redshift_catalog.rs_routine r ON r.routine = p.oid
        LEFT JOIN redshift_catalog.rs_guarded_body k ON k.routine = p.oid AND k.after = p.prosrc
        WHERE p.oid = found_oids[1]);
END
$$;

-- PG_LIBRARY is named by r_CREATE_LIBRARY and r_DROP_LIBRARY.
CREATE VIEW redshift_catalog.pg_library AS
SELECT y.name, l.oid::integer AS language_oid, y.file_store_id, redshift_catalog.rs_user_id(y.owner) AS owner
FROM redshift_catalog.rs_library y, pg_catalog.pg_language l
WHERE l.lanname = 'plpythonu';

-- For superusers and those who may use the language; a library is replaced and dropped by its owner or a superuser.
CREATE PROCEDURE redshift_catalog.rs_create_library(new_name text, replaces boolean) LANGUAGE plpgsql SECURITY DEFINER AS
$$
BEGIN
    IF NOT has_language_privilege(session_user, 'plpythonu', 'USAGE') THEN
        RAISE EXCEPTION 'permission denied for language plpythonu' USING ERRCODE = '42501';
    END IF;
    IF replaces THEN
        CALL redshift_catalog.rs_drop_library(new_name, false);
    END IF;
    INSERT INTO redshift_catalog.rs_library (name, owner) VALUES (new_name, session_user::regrole);
EXCEPTION WHEN unique_violation THEN
    RAISE EXCEPTION 'library "%" already exists', new_name USING ERRCODE = '42710';
END
$$;
CREATE PROCEDURE redshift_catalog.rs_drop_library(old_name text, must_exist boolean DEFAULT true) LANGUAGE plpgsql SECURITY DEFINER AS
$$
BEGIN
    IF EXISTS (SELECT FROM redshift_catalog.rs_library WHERE name = old_name AND owner <> session_user::regrole)
        AND NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = session_user) THEN
        RAISE EXCEPTION 'must be owner of library %', old_name USING ERRCODE = '42501';
    END IF;
    DELETE FROM redshift_catalog.rs_library WHERE name = old_name;
    IF must_exist AND NOT FOUND THEN
        RAISE EXCEPTION 'library "%" does not exist', old_name USING ERRCODE = '42704';
    END IF;
END
$$;

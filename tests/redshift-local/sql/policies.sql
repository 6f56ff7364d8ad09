-- Row-level security and dynamic data masking: policies are stored, attached and listed. guards.sql applies them.
SET search_path = redshift_catalog, pg_catalog;

-- kind: "rls" or "masking". attributes: [{"colname": …, "type": …}, …]. value_exprs: the expression for PostgreSQL, one for each column that
-- a mask gives; path: where the names in it are looked for.
CREATE TABLE redshift_catalog.rs_policy (
    kind text NOT NULL,
    name text NOT NULL,
    alias text,
    attributes text NOT NULL,
    expression text NOT NULL,
    value_exprs text[] NOT NULL,
    path text NOT NULL,
    modified_by oid NOT NULL,
    modified timestamp NOT NULL,
    PRIMARY KEY (kind, name)
);

-- grantee: 0 is PUBLIC. The columns are those of masking.
CREATE TABLE redshift_catalog.rs_attached_policy (
    kind text NOT NULL,
    name text NOT NULL,
    relation oid NOT NULL,
    grantee oid NOT NULL,
    grantor oid NOT NULL,
    priority integer NOT NULL DEFAULT 0,
    input_columns text[] NOT NULL DEFAULT '{}',
    output_columns text[] NOT NULL DEFAULT '{}',
    FOREIGN KEY (kind, name) REFERENCES redshift_catalog.rs_policy
);

-- Relations whose ROW LEVEL SECURITY was turned on, or off again.
CREATE TABLE redshift_catalog.rs_row_level_security (
    relation oid PRIMARY KEY,
    is_on boolean NOT NULL,
    for_datashares boolean NOT NULL,
    conjunction char(3) NOT NULL
);

-- Superusers and those with the role sys:secadmin (r_CREATE_RLS_POLICY, r_CREATE_MASKING_POLICY). The procedures run as
-- rdsdb: the session's user is who asks.
CREATE FUNCTION redshift_catalog.rs_is_secadmin(asking name) RETURNS boolean LANGUAGE sql STABLE AS
$$
    SELECT EXISTS (
        SELECT 1 FROM pg_catalog.pg_roles r
        WHERE r.rolname = asking AND (r.rolsuper OR EXISTS (
            SELECT 1 FROM pg_catalog.pg_roles s
            WHERE s.rolname = 'role sys:secadmin' AND pg_catalog.pg_has_role(r.oid, s.oid, 'MEMBER'))))
$$;

-- The policy's own error, or none for a name that exists.
CREATE FUNCTION redshift_catalog.rs_check_policy(kind text, name text, expected boolean) RETURNS void LANGUAGE plpgsql AS
$$
BEGIN
    IF NOT redshift_catalog.rs_is_secadmin(session_user) THEN
        RAISE EXCEPTION 'permission denied: must be superuser or have the role sys:secadmin' USING ERRCODE = 'insufficient_privilege';
    ELSIF expected IS DISTINCT FROM EXISTS (
        SELECT 1 FROM redshift_catalog.rs_policy p WHERE p.kind = rs_check_policy.kind AND p.name = rs_check_policy.name
    ) THEN
        RAISE EXCEPTION '% policy "%" %', upper(kind), name, CASE WHEN expected THEN 'does not exist' ELSE 'already exists' END
            USING ERRCODE = CASE WHEN expected THEN 'undefined_object' ELSE 'duplicate_object' END;
    END IF;
END
$$;

CREATE PROCEDURE redshift_catalog.rs_create_policy(
    kind text, name text, if_not_exists boolean, alias text, columns text[], types text[], expression text,
    value_exprs text[], path text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
BEGIN
    IF if_not_exists AND EXISTS (SELECT 1 FROM redshift_catalog.rs_policy p WHERE p.kind = $1 AND p.name = $2) THEN
        RETURN;
    END IF;
    PERFORM redshift_catalog.rs_check_policy(kind, name, false);
    INSERT INTO redshift_catalog.rs_policy
    VALUES (kind, name, alias, coalesce((
            SELECT '[' || string_agg('{"colname":' || to_json(c)::text || ',"type":'
                || to_json(redshift_catalog.format_type(to_regtype(t), to_regtypemod(t)))::text || '}', ',' ORDER BY n) || ']'
            FROM unnest(columns, types) WITH ORDINALITY u (c, t, n)
        ), '[]'), expression, value_exprs, path, session_user::regrole, clock_timestamp() AT TIME ZONE 'UTC');
END
$$;

CREATE PROCEDURE redshift_catalog.rs_alter_policy(kind text, name text, expression text, value_exprs text[], path text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
BEGIN
    PERFORM redshift_catalog.rs_check_policy(kind, name, true);
    UPDATE redshift_catalog.rs_policy p
    SET expression = $3, value_exprs = $4, path = $5, modified_by = session_user::regrole, modified = clock_timestamp() AT TIME ZONE 'UTC'
    WHERE p.kind = $1 AND p.name = $2;
    PERFORM redshift_catalog.rs_guard_all(ARRAY(
        SELECT DISTINCT a.relation FROM redshift_catalog.rs_attached_policy a WHERE a.kind = $1 AND a.name = $2));
END
$$;

CREATE PROCEDURE redshift_catalog.rs_drop_policy(kind text, name text, if_exists boolean, cascade boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
DECLARE
    relations oid[] := ARRAY(
        SELECT DISTINCT a.relation FROM redshift_catalog.rs_attached_policy a WHERE a.kind = $1 AND a.name = $2);
BEGIN
    IF if_exists AND NOT EXISTS (SELECT 1 FROM redshift_catalog.rs_policy p WHERE p.kind = $1 AND p.name = $2) THEN
        RETURN;
    END IF;
    PERFORM redshift_catalog.rs_check_policy(kind, name, true);
    IF cascade THEN
        DELETE FROM redshift_catalog.rs_attached_policy p WHERE p.kind = $1 AND p.name = $2;
    ELSIF EXISTS (SELECT 1 FROM redshift_catalog.rs_attached_policy p WHERE p.kind = $1 AND p.name = $2) THEN
        RAISE EXCEPTION 'cannot drop % policy "%": it is attached to a relation', upper(kind), name
            USING ERRCODE = 'dependent_objects_still_exist';
    END IF;
    DELETE FROM redshift_catalog.rs_policy p WHERE p.kind = $1 AND p.name = $2;
    PERFORM redshift_catalog.rs_guard_all(relations);
END
$$;

-- The oid of a user or of a role named "role …"; 0 for PUBLIC.
CREATE FUNCTION redshift_catalog.rs_grantee(name text) RETURNS oid LANGUAGE plpgsql STABLE AS
$$
DECLARE
    id oid := (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = name);
BEGIN
    IF name <> 'public' AND id IS NULL THEN
        RAISE EXCEPTION 'role "%" does not exist', name USING ERRCODE = 'undefined_object';
    END IF;
    RETURN coalesce(id, 0);
END
$$;

-- r_ATTACH_RLS_POLICY, t_rls_usage, t_ddm-considerations: temporary tables, base tables of materialized views (RLS alone), and
-- late-binding views that another view reads.
CREATE FUNCTION redshift_catalog.rs_refuses_policies(kind text, relation oid) RETURNS boolean LANGUAGE sql STABLE AS
$$
    SELECT c.relpersistence = 't'
        OR kind = 'rls' AND EXISTS (SELECT 1 FROM redshift_catalog.rs_materialized_views_on(c.oid))
        OR EXISTS (SELECT 1 FROM redshift_catalog.rs_late_binding_view l WHERE l.relation = c.oid) AND (
            EXISTS (SELECT 1 FROM redshift_catalog.rs_late_readers(c.oid)) OR EXISTS (
                SELECT 1 FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
                WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refobjid = c.oid AND r.ev_class <> c.oid))
    FROM pg_catalog.pg_class c
    WHERE c.oid = $2
$$;

-- ATTACH RLS POLICY … and ATTACH MASKING POLICY … TO one grantee each. Masking names the columns.
CREATE PROCEDURE redshift_catalog.rs_attach_policy(
    kind text, name text, relation regclass, grantee text, outputs text[], inputs text[], priority integer)
    LANGUAGE plpgsql SECURITY DEFINER AS
$$
DECLARE
    missing text;
BEGIN
    PERFORM redshift_catalog.rs_check_policy(kind, name, true);
    SELECT coalesce(needed, taken) INTO missing
    FROM (
        SELECT unnest(outputs || inputs) AS needed, NULL AS taken
        UNION ALL
        SELECT NULL, x.colname FROM redshift_catalog.rs_policy p, jsonb_to_recordset(p.attributes::jsonb) x (colname text)
        WHERE p.kind = 'rls' AND p.kind = $1 AND p.name = $2
    ) columns
    WHERE coalesce(needed, taken) NOT IN (
        SELECT a.attname FROM pg_catalog.pg_attribute a WHERE a.attrelid = $3 AND a.attnum > 0 AND NOT a.attisdropped);
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'column "%" of relation "%" does not exist', missing, relation USING ERRCODE = 'undefined_column';
    ELSIF redshift_catalog.rs_refuses_policies(kind, $3) THEN
        RAISE EXCEPTION '% policies cannot be attached to %', upper(kind), relation USING ERRCODE = 'feature_not_supported';
    ELSIF kind = 'masking' AND (
        SELECT cardinality(outputs) <> cardinality(p.value_exprs) OR cardinality(inputs) <> jsonb_array_length(p.attributes::jsonb)
        FROM redshift_catalog.rs_policy p WHERE p.kind = 'masking' AND p.name = $2
    ) THEN
        RAISE EXCEPTION 'the columns are not as many as masking policy "%" takes and gives', name USING ERRCODE = 'invalid_parameter_value';
    ELSIF kind = 'rls' AND EXISTS (
        SELECT 1 FROM redshift_catalog.rs_attached_policy a JOIN redshift_catalog.rs_policy o USING (kind, name), redshift_catalog.rs_policy p
        WHERE a.kind = 'rls' AND a.relation = $3 AND p.kind = 'rls' AND p.name = $2 AND o.alias <> p.alias
    ) THEN
        RAISE EXCEPTION 'the policies of relation "%" have other aliases than RLS policy "%"', relation, name
            USING ERRCODE = 'feature_not_supported';
    ELSIF kind = 'rls' AND redshift_catalog.rs_is_secadmin(grantee::name) THEN
        RAISE EXCEPTION 'RLS policies cannot be attached to superusers or sys:secadmin' USING ERRCODE = 'feature_not_supported';
    ELSIF EXISTS (
        SELECT 1 FROM redshift_catalog.rs_attached_policy p
        WHERE p.kind = $1 AND p.relation = $3
            AND CASE WHEN $1 = 'rls' THEN p.name = $2 AND p.grantee = redshift_catalog.rs_grantee($4)
                ELSE p.output_columns && outputs AND (p.priority = $7 AND p.name <> $2 OR p.grantee = redshift_catalog.rs_grantee($4)) END
    ) THEN
        RAISE EXCEPTION '% policy "%" conflicts with one that is attached to relation "%"', upper(kind), name, relation
            USING ERRCODE = 'duplicate_object';
    END IF;
    INSERT INTO redshift_catalog.rs_attached_policy
    VALUES (kind, name, relation, redshift_catalog.rs_grantee(grantee), session_user::regrole, priority, inputs, outputs);
    PERFORM redshift_catalog.rs_guard_all(ARRAY[$3::oid]);
END
$$;

CREATE PROCEDURE redshift_catalog.rs_detach_policy(kind text, name text, relation regclass, grantee text, outputs text[])
    LANGUAGE plpgsql SECURITY DEFINER AS
$$
BEGIN
    PERFORM redshift_catalog.rs_check_policy(kind, name, true);
    DELETE FROM redshift_catalog.rs_attached_policy p
    WHERE p.kind = $1 AND p.name = $2 AND p.relation = $3 AND p.grantee = redshift_catalog.rs_grantee($4) AND p.output_columns = $5;
    IF NOT FOUND THEN
        RAISE EXCEPTION '% policy "%" is not attached to relation "%"', upper(kind), name, relation USING ERRCODE = 'undefined_object';
    END IF;
    PERFORM redshift_catalog.rs_guard_all(ARRAY[$3::oid]);
END
$$;

-- ALTER TABLE … ROW LEVEL SECURITY (r_ALTER_TABLE, r_ALTER_MATERIALIZED_VIEW).
CREATE PROCEDURE redshift_catalog.rs_set_row_level_security(relation regclass, is_on boolean, conjunction text, for_datashares boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
BEGIN
    PERFORM redshift_catalog.rs_check_policy(NULL, NULL, false);
    INSERT INTO redshift_catalog.rs_row_level_security AS existing
    VALUES (relation, $2 AND NOT for_datashares, $2 AND for_datashares, coalesce(conjunction, 'and'))
    ON CONFLICT ON CONSTRAINT rs_row_level_security_pkey DO UPDATE SET
        is_on = CASE WHEN $4 THEN existing.is_on ELSE $2 END,
        for_datashares = CASE WHEN $4 THEN $2 ELSE existing.for_datashares END,
        conjunction = coalesce($3, existing.conjunction);
    PERFORM redshift_catalog.rs_guard_all(ARRAY[$1::oid]);
END
$$;

-- r_SVV_RLS_POLICY: superusers see all, others their own.
CREATE VIEW redshift_catalog.svv_rls_policy AS
SELECT
    current_database()::text AS poldb, p.name AS polname, p.alias AS polalias, p.attributes AS polatts, p.expression AS polqual,
    true AS polenabled, pg_catalog.pg_get_userbyid(p.modified_by)::text AS polmodifiedby, p.modified AS polmodifiedtime
FROM redshift_catalog.rs_policy p
WHERE p.kind = 'rls' AND redshift_catalog.rs_is_secadmin(current_user);

-- r_SVV_RLS_RELATION
CREATE VIEW redshift_catalog.svv_rls_relation AS
SELECT
    current_database()::text AS datname, n.nspname::text AS relschema, c.relname::text AS relname,
    CASE c.relkind WHEN 'r' THEN 'table' ELSE 'view' END AS relkind, s.is_on AS is_rls_on, s.for_datashares AS is_rls_datashare_on,
    s.conjunction AS rls_conjunction_type, s.conjunction AS rls_datashare_conjunction_type
FROM redshift_catalog.rs_row_level_security s
JOIN redshift_catalog.pg_class c ON c.oid = s.relation
JOIN redshift_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE redshift_catalog.rs_is_secadmin(current_user);

-- r_SVV_RLS_ATTACHED_POLICY: for sys:secadmin.
CREATE VIEW redshift_catalog.svv_rls_attached_policy AS
SELECT
    n.nspname::text AS relschema, c.relname::text AS relname, CASE c.relkind WHEN 'r' THEN 'table' ELSE 'view' END AS relkind,
    a.name AS polname, redshift_catalog.rs_identity_name(a.grantor) AS grantor, redshift_catalog.rs_identity_name(a.grantee) AS grantee,
    redshift_catalog.rs_identity_type(a.grantee) AS granteekind, true AS is_pol_on, coalesce(s.is_on, false) AS is_rls_on,
    coalesce(s.conjunction, 'and')::char(3) AS rls_conjunction_type
FROM redshift_catalog.rs_attached_policy a
JOIN redshift_catalog.pg_class c ON c.oid = a.relation
JOIN redshift_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN redshift_catalog.rs_row_level_security s ON s.relation = a.relation
WHERE a.kind = 'rls' AND redshift_catalog.rs_is_secadmin(current_user);

-- r_SVV_MASKING_POLICY: for superusers and sys:secadmin; others see no row.
CREATE VIEW redshift_catalog.svv_masking_policy AS
SELECT
    current_database()::text AS policy_database, p.name AS policy_name, p.attributes AS input_columns, p.expression AS policy_expression,
    pg_catalog.pg_get_userbyid(p.modified_by)::text AS policy_modified_by, p.modified AS policy_modified_time
FROM redshift_catalog.rs_policy p
WHERE p.kind = 'masking' AND redshift_catalog.rs_is_secadmin(current_user);

-- r_SVV_ATTACHED_MASKING_POLICY
CREATE VIEW redshift_catalog.svv_attached_masking_policy AS
SELECT
    a.name AS policy_name, n.nspname::text AS schema_name, c.relname::text AS table_name,
    CASE c.relkind WHEN 'r' THEN 'table' ELSE 'view' END AS table_type,
    redshift_catalog.rs_identity_name(a.grantor) AS grantor, redshift_catalog.rs_identity_name(a.grantee) AS grantee,
    redshift_catalog.rs_identity_type(a.grantee) AS grantee_type, a.priority,
    array_to_json(a.input_columns)::text AS input_columns, array_to_json(a.output_columns)::text AS output_columns,
    false AS is_masking_datashare_on
FROM redshift_catalog.rs_attached_policy a
JOIN redshift_catalog.pg_class c ON c.oid = a.relation
JOIN redshift_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE a.kind = 'masking' AND redshift_catalog.rs_is_secadmin(current_user);

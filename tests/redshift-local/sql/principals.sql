-- Users, groups and roles: PG_USER, PG_USER_INFO, PG_SHADOW, PG_GROUP, SVV_USER_INFO, SVV_ROLES, SVV_USER_GRANTS, SVV_ROLE_GRANTS; what
-- CREATE, ALTER and DROP of them leave to PostgreSQL's side; and databases.
SET search_path = redshift_catalog, pg_catalog;

CREATE VIEW redshift_catalog.pg_user AS
SELECT
    r.rolname AS usename,
    redshift_catalog.rs_user_id(r.oid) AS usesysid,
    r.rolcreatedb AS usecreatedb,
    r.rolsuper AS usesuper,
    (r.oid = 10) AS usecatupd,
    '********'::text AS passwd,
    r.rolvaliduntil AS valuntil,
    (
        SELECT array_agg(regexp_replace(redshift_catalog.rs_hide_tail(setting), '^rs[.]', '') ORDER BY setting)
        FROM pg_catalog.pg_db_role_setting s, unnest(s.setconfig) setting
        WHERE s.setrole = r.oid AND s.setdatabase = 0
    ) AS useconfig
FROM pg_catalog.pg_roles r
WHERE r.rolcanlogin;

-- r_PG_USER_INFO. Who is no superuser sees the own row only.
CREATE VIEW redshift_catalog.pg_user_info AS
SELECT
    u.usename, u.usesysid, u.usecreatedb, u.usesuper, u.usecatupd, u.passwd, u.valuntil, u.useconfig,
    CASE WHEN r.oid = 10 THEN NULL WHEN r.rolconnlimit < 0 THEN 'UNLIMITED' ELSE r.rolconnlimit::text END AS useconnlimit
FROM redshift_catalog.pg_user u
JOIN pg_catalog.pg_roles r ON r.rolname = u.usename
JOIN redshift_catalog.rs_identity i ON i.role = r.oid;

-- The hash shows to superusers alone; whether it does on Redshift no page says, so it shows to nobody here.
CREATE VIEW redshift_catalog.pg_shadow AS SELECT * FROM redshift_catalog.pg_user;

CREATE VIEW redshift_catalog.pg_group AS
SELECT
    i.name::name AS groname,
    i.id AS grosysid,
    (
        SELECT array_agg(DISTINCT m.member::integer) FROM pg_catalog.pg_auth_members m WHERE m.roleid = i.role
    ) AS grolist
FROM redshift_catalog.rs_every_identity i
WHERE i.type = 'group';

-- r_SVV_USER_INFO
CREATE VIEW redshift_catalog.svv_user_info AS
SELECT
    u.usename::text AS user_name,
    u.usesysid AS user_id,
    u.usecreatedb AS createdb,
    u.usesuper AS superuser,
    u.usecatupd AS catalog_update,
    u.useconnlimit AS connection_limit,
    CASE WHEN x.syslog_unrestricted OR u.usesuper THEN 'UNRESTRICTED' ELSE 'RESTRICTED' END AS syslog_access,
    NULL::timestamp AS last_ddl_timestamp,
    coalesce(x.session_timeout, 0) AS session_timeout,
    x.external_id AS external_user_id
FROM redshift_catalog.pg_user_info u
JOIN pg_catalog.pg_roles r ON r.rolname = u.usename
LEFT JOIN redshift_catalog.rs_user x ON x.role = r.oid;

-- r_SVV_ROLES. The roles that Redshift defines belong to rdsdb.
CREATE VIEW redshift_catalog.svv_roles AS
SELECT i.id AS role_id, i.name AS role_name, pg_catalog.pg_get_userbyid(r.owner)::text AS role_owner, r.external_id
FROM redshift_catalog.rs_identity i
JOIN redshift_catalog.rs_role r ON r.role = i.role;

-- r_SVV_USER_GRANTS: roles granted to users.
CREATE VIEW redshift_catalog.svv_user_grants AS
SELECT u.id AS user_id, u.name AS user_name, r.id AS role_id, r.name AS role_name, m.admin_option
FROM pg_catalog.pg_auth_members m
JOIN redshift_catalog.rs_identity u ON u.role = m.member AND u.type = 'user'
JOIN redshift_catalog.rs_every_identity r ON r.role = m.roleid AND r.type = 'role';

-- r_SVV_ROLE_GRANTS: roles granted to roles.
CREATE VIEW redshift_catalog.svv_role_grants AS
SELECT r.id AS role_id, r.name AS role_name, g.id AS granted_role_id, g.name AS granted_role_name
FROM pg_catalog.pg_auth_members m
JOIN redshift_catalog.rs_identity r ON r.role = m.member AND r.type = 'role'
JOIN redshift_catalog.rs_every_identity g ON g.role = m.roleid AND g.type = 'role';

CREATE VIEW redshift_catalog.pg_database AS
SELECT
    d.oid, d.datname, redshift_catalog.rs_user_id(d.datdba) AS datdba, d.encoding, d.datistemplate, d.datallowconn,
    0::oid AS datlastsysoid, 0::oid AS datvacuumxid, 0::oid AS datfrozenxid, d.dattablespace, NULL::text[] AS datconfig,
    redshift_catalog.rs_acl(d.datacl) AS datacl
FROM pg_catalog.pg_database d;

-- r_PG_DATABASE_INFO: its oid is called datid; -1 is no limit.
CREATE VIEW redshift_catalog.pg_database_info AS
SELECT
    d.oid AS datid, i.datconnlimit::text AS datconnlimit, d.datname, d.datdba, d.encoding, d.datistemplate, d.datallowconn,
    d.datlastsysoid, d.datvacuumxid, d.datfrozenxid, d.dattablespace, d.datconfig, d.datacl
FROM redshift_catalog.pg_database d
JOIN pg_catalog.pg_database i ON i.oid = d.oid;

-- What only superusers may do. Clients can call these procedures, so each looks at who calls.
CREATE PROCEDURE redshift_catalog.rs_expect_superuser() LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
BEGIN
    IF NOT (SELECT r.rolsuper FROM pg_authid r WHERE r.rolname = session_user) THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'must be superuser to run this command';
    END IF;
END
$$;

-- r_USER_IS_MEMBER_OF, r_ROLE_IS_MEMBER_OF: directly, or through other roles. A name that is not there is an error; about others
-- than themselves and the roles they have only superusers and members of sys:secadmin may ask.
CREATE FUNCTION redshift_catalog.rs_is_member(member text, name text, kinds text[]) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
DECLARE
    of oid := (SELECT i.role FROM redshift_catalog.rs_every_identity i WHERE i.name = $2 AND i.type = ANY ($3) ORDER BY i.type DESC LIMIT 1);
BEGIN
    IF of IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = '42704', MESSAGE = format('role "role %s" does not exist', name);
    END IF;
    IF NOT pg_has_role(session_user, format('%I', $1)::regrole, 'USAGE') AND NOT pg_has_role(session_user, 'role sys:secadmin', 'USAGE') THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'must be superuser to ask about others';
    END IF;
    -- A superuser would count as a member of everything.
    RETURN EXISTS (
        WITH RECURSIVE held (role) AS (
            SELECT m.roleid FROM pg_auth_members m WHERE m.member = format('%I', $1)::regrole
            UNION
            SELECT m.roleid FROM pg_auth_members m JOIN held h ON h.role = m.member
        )
        SELECT FROM held h WHERE h.role = of
    );
END
$$;
CREATE FUNCTION redshift_catalog.user_is_member_of(name, name) RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT redshift_catalog.rs_is_member($1::text, $2::text, ARRAY['role', 'group']) $$;
CREATE FUNCTION redshift_catalog.role_is_member_of(name, name) RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT redshift_catalog.rs_is_member('role ' || $1::text, $2::text, ARRAY['role']) $$;

-- After CREATE USER and ALTER USER: sets the options that PostgreSQL's roles lack, NULL leaves one as it is; and holds what the pages say of
-- passwords. A superuser must have one, who has an external id must not (r_CREATE_USER).
CREATE PROCEDURE redshift_catalog.rs_set_user(name text, syslog_unrestricted boolean, session_timeout integer, external_id text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
DECLARE
    altered oid := format('%I', $1)::regrole;
    has_password boolean := EXISTS (SELECT FROM pg_authid r WHERE r.oid = altered AND r.rolpassword IS NOT NULL)
        OR EXISTS (SELECT FROM redshift_catalog.rs_password p WHERE p.role = altered);
BEGIN
    IF num_nonnulls($2, $3, $4) > 0 THEN
        CALL redshift_catalog.rs_expect_superuser();
        INSERT INTO redshift_catalog.rs_user AS existing (role, syslog_unrestricted, session_timeout, external_id)
        VALUES (altered, coalesce($2, false), coalesce($3, 0), $4)
        ON CONFLICT (role) DO UPDATE SET
            syslog_unrestricted = coalesce($2, existing.syslog_unrestricted),
            session_timeout = coalesce($3, existing.session_timeout),
            external_id = coalesce($4, existing.external_id);
    END IF;
    IF NOT has_password AND (SELECT r.rolsuper FROM pg_authid r WHERE r.oid = altered) THEN
        RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'the password of a superuser cannot be disabled';
    END IF;
    IF has_password AND EXISTS (SELECT FROM redshift_catalog.rs_user x WHERE x.role = altered AND x.external_id IS NOT NULL) THEN
        RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'a user with an external id must have the password disabled';
    END IF;
END
$$;

-- Before any change of a password. One to be kept as SHA-256 comes in clear text, or as digest and salt; of any other all three are NULL.
-- By default users can change their own, unless it is disabled (r_ALTER_USER).
CREATE PROCEDURE redshift_catalog.rs_set_password(name text, password text, digest text, salt text) LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
DECLARE
    altered oid := format('%I', $1)::regrole;
BEGIN
    IF $1 <> session_user OR NOT EXISTS (SELECT FROM pg_authid r WHERE r.oid = altered AND r.rolpassword IS NOT NULL)
        AND NOT EXISTS (SELECT FROM redshift_catalog.rs_password p WHERE p.role = altered) THEN
        CALL redshift_catalog.rs_expect_superuser();
    END IF;
    IF password IS NOT NULL THEN
        salt := encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'hex');
        digest := encode(sha256(convert_to(password, 'UTF8') || decode(salt, 'hex')), 'hex');
    END IF;
    DELETE FROM redshift_catalog.rs_password p WHERE p.role = altered;
    INSERT INTO redshift_catalog.rs_password SELECT altered, digest, salt WHERE digest IS NOT NULL;
END
$$;

-- r_CREATE_ROLE: a role cannot be named like a user.
CREATE PROCEDURE redshift_catalog.rs_expect_free(name text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
BEGIN
    IF EXISTS (SELECT FROM redshift_catalog.rs_every_identity i WHERE i.name = $1 AND i.type IN ('user', 'role')) THEN
        RAISE EXCEPTION USING ERRCODE = '42710', MESSAGE = format('user or role "%s" already exists', name);
    END IF;
END
$$;

-- After CREATE ROLE and ALTER ROLE: the owner, by default who runs it, and the external id; NULL leaves either as it is.
CREATE PROCEDURE redshift_catalog.rs_set_role(name text, owner text, external_id text) LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
BEGIN
    CALL redshift_catalog.rs_expect_superuser();
    INSERT INTO redshift_catalog.rs_role AS existing (role, owner, external_id)
    VALUES (format('%I', $1)::regrole, format('%I', coalesce($2, session_user))::regrole, $3)
    ON CONFLICT (role) DO UPDATE SET
        owner = CASE WHEN $2 IS NULL THEN existing.owner ELSE excluded.owner END, external_id = coalesce($3, existing.external_id);
END
$$;

-- Before DROP of users and groups: who owns an object or holds a privilege stays (r_DROP_USER, r_DROP_GROUP).
CREATE PROCEDURE redshift_catalog.rs_before_drop(names text[]) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS
$$
DECLARE
    identity record;
    what text;
BEGIN
    CALL redshift_catalog.rs_expect_superuser();
    FOR identity IN SELECT i.* FROM redshift_catalog.rs_every_identity i JOIN pg_authid r ON r.oid = i.role WHERE r.rolname = ANY (names) LOOP
        what := CASE
            WHEN EXISTS (SELECT FROM pg_shdepend d WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = identity.role
                AND d.deptype = 'o' AND d.classid <> 'pg_default_acl'::regclass)
                OR EXISTS (SELECT FROM redshift_catalog.rs_role r WHERE r.owner = identity.role) THEN 'owns some object'
            WHEN EXISTS (SELECT FROM pg_shdepend d WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = identity.role
                AND d.deptype IN ('o', 'a'))
                OR EXISTS (SELECT FROM redshift_catalog.rs_permission p WHERE p.grantee = identity.role) THEN 'has a privilege on some object'
        END;
        IF what IS NOT NULL THEN
            RAISE EXCEPTION USING ERRCODE = '55006',
                MESSAGE = format('%s "%s" can''t be dropped because the %1$s %3$s', identity.type, identity.name, what);
        END IF;
        DELETE FROM redshift_catalog.rs_user x WHERE x.role = identity.role;
        DELETE FROM redshift_catalog.rs_password x WHERE x.role = identity.role;
    END LOOP;
END
$$;

-- Before DROP ROLE (r_DROP_ROLE, with its messages): without FORCE nobody may hold it, and it may hold no other role.
CREATE PROCEDURE redshift_catalog.rs_before_drop_role(name text, force boolean) LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
DECLARE
    dropped oid := format('%I', $1)::regrole;
BEGIN
    CALL redshift_catalog.rs_expect_superuser();
    IF $1 LIKE 'role sys:%' THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'a system-defined role cannot be dropped';
    END IF;
    IF NOT force AND EXISTS (SELECT FROM pg_auth_members m JOIN redshift_catalog.rs_every_identity i ON i.role = m.member
        WHERE m.roleid = dropped AND i.type = 'user') THEN
        RAISE EXCEPTION USING ERRCODE = '2BP01', MESSAGE = 'cannot drop this role since it has been granted on a user';
    END IF;
    IF NOT force AND EXISTS (SELECT FROM pg_auth_members m JOIN redshift_catalog.rs_every_identity i ON i.role IN (m.member, m.roleid)
        WHERE dropped IN (m.member, m.roleid) AND i.role <> dropped AND i.type = 'role') THEN
        RAISE EXCEPTION USING ERRCODE = '2BP01', MESSAGE = 'cannot drop this role since it depends on another role';
    END IF;
    IF EXISTS (SELECT FROM redshift_catalog.rs_permission p WHERE p.grantee = dropped AND p.object <> 0) THEN
        RAISE EXCEPTION USING ERRCODE = '2BP01', MESSAGE = format('role "%s" cannot be dropped because some objects depend on it', name);
    END IF;
    DELETE FROM redshift_catalog.rs_permission p WHERE p.grantee = dropped;
    DELETE FROM redshift_catalog.rs_role r WHERE r.role = dropped;
END
$$;

-- GRANT and REVOKE of roles: change is grant or revoke, option WITH ADMIN OPTION or ADMIN OPTION FOR. Superusers may, the role's owner, and
-- who has the role with that option (r_GRANT). It is rdsdb who grants, so that nothing hangs on the grantor.
CREATE PROCEDURE redshift_catalog.rs_grant_role(change text, roles text[], members text[], option boolean) LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog AS
$$
DECLARE
    granted text;
    member text;
BEGIN
    FOREACH granted IN ARRAY roles LOOP
        IF NOT pg_has_role(session_user, format('%I', granted)::regrole, 'USAGE WITH ADMIN OPTION') AND NOT EXISTS (
            SELECT FROM redshift_catalog.rs_role r
            WHERE r.role = format('%I', granted)::regrole AND r.owner = quote_ident(session_user)::regrole
        ) THEN
            RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = format('permission denied for role "%s"', granted);
        END IF;
        FOREACH member IN ARRAY members LOOP
            EXECUTE CASE
                WHEN change = 'grant' THEN format('GRANT %I TO %I', granted, member) || CASE WHEN option THEN ' WITH ADMIN OPTION' ELSE '' END
                ELSE format('REVOKE %s %I FROM %I', CASE WHEN option THEN 'ADMIN OPTION FOR' ELSE '' END, granted, member)
            END;
        END LOOP;
    END LOOP;
END
$$;

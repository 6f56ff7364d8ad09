-- Who there is, and how their rights are printed. Users, groups and roles are PostgreSQL's roles; a group is named "group <name>" and a
-- role "role <name>", so that each kind has a name space of its own (statement/principal.rs).
SET search_path = redshift_catalog, pg_catalog;

-- Users' options that roles lack (r_CREATE_USER). A session timeout of 0: none set.
CREATE TABLE redshift_catalog.rs_user (
    role oid PRIMARY KEY,
    syslog_unrestricted boolean NOT NULL DEFAULT false,
    session_timeout integer NOT NULL DEFAULT 0,
    external_id text
);

-- Passwords that are kept as SHA-256: the hash of password and salt, and the salt, both in hexadecimal (r_CREATE_USER).
CREATE TABLE redshift_catalog.rs_password (
    role oid PRIMARY KEY,
    digest text NOT NULL,
    salt text NOT NULL
);

-- Roles as RBAC knows them (r_CREATE_ROLE, r_ALTER_ROLE).
CREATE TABLE redshift_catalog.rs_role (
    role oid PRIMARY KEY,
    owner oid NOT NULL,
    external_id text
);

-- Permissions that PostgreSQL has no place for. scope: SYSTEM (system permissions), ASSUMEROLE, or what the permission is on, as the
-- views' privilege_scope spells it. object: the schema or database, 0 where there is none. iam_role: of ASSUMEROLE alone.
CREATE TABLE redshift_catalog.rs_permission (
    scope text,
    object oid,
    iam_role text,
    privilege text,
    grantee oid,
    admin_option boolean NOT NULL,
    PRIMARY KEY (scope, object, iam_role, privilege, grantee)
);

-- PostgreSQL's bootstrap superuser is 10; Redshift's rdsdb is 1 (r_CREATE_USER, example of PG_USER_INFO).
CREATE FUNCTION redshift_catalog.rs_user_id(oid) RETURNS integer LANGUAGE sql IMMUTABLE AS
    $$ SELECT CASE WHEN $1 = 10 THEN 1 ELSE $1::integer END $$;
CREATE FUNCTION redshift_catalog.pg_get_userbyid(integer) RETURNS name LANGUAGE sql STABLE AS
    $$ SELECT pg_catalog.pg_get_userbyid(CASE WHEN $1 = 1 THEN 10 ELSE $1 END::oid) $$;

-- All identities, PUBLIC as 0. Other roles of PostgreSQL are none: its own, and those behind scoped permissions (privileges.sql).
CREATE VIEW redshift_catalog.rs_every_identity AS
SELECT
    r.oid AS role, CASE WHEN r.oid = 10 THEN 1 ELSE r.oid::integer END AS id,
    CASE WHEN r.rolcanlogin THEN r.rolname::text ELSE substr(r.rolname, strpos(r.rolname, ' ') + 1) END AS name,
    CASE WHEN r.rolcanlogin THEN 'user' ELSE split_part(r.rolname, ' ', 1) END AS type
FROM pg_catalog.pg_authid r
WHERE r.rolcanlogin OR r.rolname LIKE 'group %' OR r.rolname LIKE 'role %'
UNION ALL
SELECT 0, 0, 'public', 'public';

-- The identities that the reader may see: superusers and holders of ACCESS SYSTEM TABLE see all, others what they are and have
-- (r_SVV_RELATION_PRIVILEGES and the other SVV_*_PRIVILEGES).
CREATE VIEW redshift_catalog.rs_identity AS
SELECT i.role, i.id, i.name, i.type
FROM redshift_catalog.rs_every_identity i
WHERE i.role = 0 OR pg_catalog.pg_has_role(i.role, 'USAGE') OR (
    SELECT bool_or(pg_catalog.pg_has_role(p.grantee, 'USAGE')) FROM redshift_catalog.rs_permission p WHERE p.privilege = 'ACCESS SYSTEM TABLE'
);

CREATE FUNCTION redshift_catalog.rs_identity_type(role oid) RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT i.type FROM redshift_catalog.rs_every_identity i WHERE i.role = $1 $$;
CREATE FUNCTION redshift_catalog.rs_identity_name(role oid) RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT i.name FROM redshift_catalog.rs_every_identity i WHERE i.role = $1 $$;

-- DROP and ALTER on a relation are kept as PostgreSQL's TRIGGER and MAINTAIN, which cannot be granted on Redshift: see statement/grant.rs.
CREATE FUNCTION redshift_catalog.rs_privilege(text) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT CASE $1 WHEN 'TRIGGER' THEN 'DROP' WHEN 'MAINTAIN' THEN 'ALTER' WHEN 'TEMPORARY' THEN 'TEMP' ELSE $1 END $$;

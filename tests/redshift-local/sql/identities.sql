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

-- A name in an access control list: in quotes where it holds other signs than letters, digits and underscores.
CREATE FUNCTION redshift_catalog.rs_acl_name(text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$
    SELECT CASE
        WHEN $1 ~ '^[A-Za-z0-9_]*$' THEN $1
        WHEN $1 LIKE 'group %' THEN 'group ' || redshift_catalog.rs_acl_name(substr($1, 7))
        ELSE '"' || replace($1, '"', '""') || '"'
    END
$$;

-- An access list as Redshift prints it: "ann=r*w/bob", "group readers=r/bob", "=U/bob". The letters are those of r_SHOW_TABLES: D is
-- DROP, P TRUNCATE, A ALTER; all rights on a relation include PostgreSQL 8.0's RULE and TRIGGER (R, t). What roles hold is not in
-- access lists, only in the SVV_*_PRIVILEGES: no page says so, users of Redshift Serverless report it. In plpgsql, which plans the query
-- once a session.
CREATE FUNCTION redshift_catalog.rs_acl(aclitem[]) RETURNS text[] LANGUAGE plpgsql STABLE STRICT AS
$$
BEGIN
    RETURN (SELECT coalesce(array_agg(redshift_catalog.rs_acl_name(grantee) || '='
        || CASE replace(letters, '*', '') WHEN 'arwdxDPA' THEN regexp_replace(letters, 'd([*]?)x([*]?)', E'd\\1R\\2x\\2t\\2') ELSE letters END
        || '/' || redshift_catalog.rs_acl_name(grantor) ORDER BY place), '{}')
    FROM (
        SELECT
            CASE x.grantee WHEN 0 THEN '' ELSE pg_catalog.pg_get_userbyid(x.grantee)::text END AS grantee,
            pg_catalog.pg_get_userbyid(x.grantor)::text AS grantor, min(x.place) AS place,
            string_agg(p.letter || CASE WHEN x.is_grantable THEN '*' ELSE '' END, '' ORDER BY p.rank) AS letters
        FROM ROWS FROM (pg_catalog.aclexplode($1)) WITH ORDINALITY x (grantor, grantee, privilege_type, is_grantable, place)
        JOIN (VALUES ('INSERT', 'a', 1), ('SELECT', 'r', 2), ('UPDATE', 'w', 3), ('DELETE', 'd', 4), ('REFERENCES', 'x', 5),
            ('TRIGGER', 'D', 6), ('TRUNCATE', 'P', 7), ('MAINTAIN', 'A', 8), ('EXECUTE', 'X', 9), ('USAGE', 'U', 10), ('CREATE', 'C', 11),
            ('TEMPORARY', 'T', 12)) p (privilege, letter, rank) ON p.privilege = x.privilege_type
        GROUP BY x.grantee, x.grantor
    ) entries
    WHERE grantee NOT LIKE 'role %' AND grantee NOT LIKE 'scope %');
END
$$;

-- Access lists as the leader's PG_* relations show them: the type of their items, how PostgreSQL's become theirs, and what queries ask of
-- them (c_join_PG; amazon-redshift-utils, AdminViews).
SET search_path = redshift_catalog, pg_catalog;

-- An item is its text. Items compare as bytes.
CREATE TYPE redshift_catalog.aclitem;
CREATE FUNCTION redshift_catalog.aclitem_in(cstring) RETURNS redshift_catalog.aclitem
    LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION redshift_catalog.aclitem_out(redshift_catalog.aclitem) RETURNS cstring
    LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE redshift_catalog.aclitem (
    INPUT = redshift_catalog.aclitem_in, OUTPUT = redshift_catalog.aclitem_out, LIKE = text);
CREATE CAST (text AS redshift_catalog.aclitem) WITHOUT FUNCTION;
CREATE CAST (redshift_catalog.aclitem AS text) WITHOUT FUNCTION;
DO
$$
DECLARE
    sign text;
    function text;
BEGIN
    FOR sign, function IN VALUES ('=', 'byteaeq'), ('<', 'bytealt'), ('<=', 'byteale'), ('>', 'byteagt'), ('>=', 'byteage') LOOP
        EXECUTE format('CREATE FUNCTION redshift_catalog.rs_aclitem_%s(redshift_catalog.aclitem, redshift_catalog.aclitem) RETURNS boolean
            LANGUAGE internal IMMUTABLE STRICT AS %L', substr(function, 6), function);
        EXECUTE format('CREATE OPERATOR redshift_catalog.%s (LEFTARG = redshift_catalog.aclitem, RIGHTARG = redshift_catalog.aclitem,
            FUNCTION = redshift_catalog.rs_aclitem_%s)', sign, substr(function, 6));
    END LOOP;
END
$$;
CREATE FUNCTION redshift_catalog.rs_aclitem_compare(redshift_catalog.aclitem, redshift_catalog.aclitem) RETURNS integer
    LANGUAGE internal IMMUTABLE STRICT AS 'byteacmp';
CREATE OPERATOR CLASS redshift_catalog.rs_aclitem_ops DEFAULT FOR TYPE redshift_catalog.aclitem USING btree AS
    OPERATOR 1 redshift_catalog.<, OPERATOR 2 redshift_catalog.<=, OPERATOR 3 redshift_catalog.=, OPERATOR 4 redshift_catalog.>=,
    OPERATOR 5 redshift_catalog.>, FUNCTION 1 redshift_catalog.rs_aclitem_compare(redshift_catalog.aclitem, redshift_catalog.aclitem);

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
CREATE FUNCTION redshift_catalog.rs_acl(pg_catalog.aclitem[]) RETURNS redshift_catalog.aclitem[] LANGUAGE plpgsql STABLE STRICT AS
$$
BEGIN
    RETURN (SELECT coalesce(array_agg(redshift_catalog.rs_acl_name(grantee) || '='
        || CASE replace(letters, '*', '') WHEN 'arwdxDPA' THEN regexp_replace(letters, 'd([*]?)x([*]?)', E'd\\1R\\2x\\2t\\2') ELSE letters END
        || '/' || redshift_catalog.rs_acl_name(grantor) ORDER BY place), '{}')::redshift_catalog.aclitem[]
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
    WHERE grantee NOT LIKE 'role %' AND grantee NOT LIKE 'scope %' AND grantee !~ '^pg_');
END
$$;

-- The item of a user or else a group, 0 where there is none, with one privilege; neither is PUBLIC.
CREATE FUNCTION redshift_catalog.makeaclitem(grantee integer, granted_group integer, grantor integer, privilege text, is_grantable boolean)
    RETURNS redshift_catalog.aclitem LANGUAGE plpgsql STABLE STRICT AS
$$
DECLARE
    letter text := (
        SELECT p.letter FROM (VALUES ('INSERT', 'a'), ('SELECT', 'r'), ('UPDATE', 'w'), ('DELETE', 'd'), ('RULE', 'R'), ('REFERENCES', 'x'),
            ('TRIGGER', 't'), ('EXECUTE', 'X'), ('USAGE', 'U'), ('CREATE', 'C'), ('TEMP', 'T'), ('TEMPORARY', 'T')) p (name, letter)
        WHERE p.name = upper($4)
    );
BEGIN
    IF letter IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format('unrecognized privilege type: "%s"', $4);
    END IF;
    RETURN (
        SELECT CASE WHEN $1 <> 0 THEN redshift_catalog.rs_acl_name(redshift_catalog.pg_get_userbyid($1)::text)
            WHEN $2 <> 0 THEN (SELECT redshift_catalog.rs_acl_name('group ' || i.name) FROM redshift_catalog.rs_every_identity i WHERE i.id = $2)
            ELSE '' END || '=' || letter || CASE WHEN $5 THEN '*' ELSE '' END || '/'
            || redshift_catalog.rs_acl_name(redshift_catalog.pg_get_userbyid($3)::text)
    )::redshift_catalog.aclitem;
END
$$;

-- Whether a list has an item of the same grantee and grantor with all the privileges of this one.
CREATE FUNCTION redshift_catalog.aclcontains(redshift_catalog.aclitem[], redshift_catalog.aclitem) RETURNS boolean LANGUAGE sql STABLE STRICT AS
$$
    SELECT EXISTS (
        SELECT
        FROM (SELECT E'^((?:group )?(?:"(?:[^"]|"")*"|[A-Za-z0-9_]*))=([A-Za-z*]*)/(.*)$' AS form) f,
            regexp_match($2::text, f.form) wanted, unnest($1) item, regexp_match(item::text, f.form) held
        WHERE held[1] = wanted[1] AND held[3] = wanted[3] AND strpos(held[2], wanted[2]) > 0
    )
$$;

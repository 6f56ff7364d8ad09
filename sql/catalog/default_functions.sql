-- Whose functions to come have other rights than Redshift's own default, EXECUTE to PUBLIC, in no schema of their own. Where all of it
-- was revoked, SVV_DEFAULT_PRIVILEGES has no row to show it, but this query has.
-- Needs: superuser, else other users' rows are missing.
-- AWS: PG_DEFAULT_ACL (leader node): defaclobjtype f is functions, defaclnamespace 0 is every schema.
SELECT u.usename AS owner_name
FROM pg_default_acl AS d
INNER JOIN pg_user AS u ON u.usesysid = d.defacluser
WHERE d.defaclobjtype = 'f'
    AND d.defaclnamespace = 0
ORDER BY u.usename;

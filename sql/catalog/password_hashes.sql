-- Passwords of users as the warehouse keeps them, for --PASSWORDS hash alone: md5…, sha256|digest|salt, or eight asterisks where it does
-- not show them.
-- Needs: superuser.
-- AWS: c_intro_catalog_views (PG_SHADOW, leader node), r_CREATE_USER (the forms of a hash). No page says whether a hash is shown; a user
-- whose is not is listed.
SELECT
    usename,
    passwd
FROM pg_shadow
ORDER BY usename;

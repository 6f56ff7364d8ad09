-- Three more options of users. Apart from users.sql since SVV views and PG catalogs do not mix in one statement.
-- Needs: superuser, else only one's own row is there.
-- AWS: SVV_USER_INFO. A session timeout of 0 is none. external_user_id is set for who comes from an identity provider.
SELECT
    user_name,
    syslog_access,
    session_timeout,
    external_user_id
FROM svv_user_info
ORDER BY user_name;

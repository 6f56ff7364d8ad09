-- Counts the users but for the one who asks and the service's own.
-- Follows r_PG_USER. Leader node only, as is CURRENT_USER.
SELECT COUNT(*)
FROM pg_user
WHERE usename <> CURRENT_USER AND usename <> 'rdsdb';

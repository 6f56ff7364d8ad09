-- Counts the groups.
-- Follows r_PG_GROUP.
SELECT COUNT(*)
FROM pg_group;

-- Counts who is in which group.
-- Follows r_PG_GROUP: grolist holds the users' numbers.
SELECT COUNT(*)
FROM pg_group AS g
INNER JOIN pg_user AS u ON u.usesysid = ANY(g.grolist);

-- Compares: who is a member of which group. A group that nobody is in shows with no member.
-- Why it can bite: a grant to a group is worth what its members are; an empty group is easily forgotten, and its grants fail.
SELECT
    g.rolname AS group_name,
    u.rolname AS member_name
FROM pg_catalog.pg_roles AS g
LEFT JOIN pg_catalog.pg_auth_members AS m ON m.roleid = g.oid
LEFT JOIN pg_catalog.pg_roles AS u ON u.oid = m.member
WHERE g.rolname ~ '^(group|role) '
ORDER BY 1, 2;

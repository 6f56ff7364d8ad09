-- Compares: what ALTER USER … SET left with a user.
-- Why it can bite: search_path holds a list, which must not come back as one quoted name; a user without it reads other
-- tables, or none, under the same unqualified name.
SELECT
    u.rolname AS user_name,
    setting.value AS setting
FROM pg_catalog.pg_db_role_setting AS s
JOIN pg_catalog.pg_roles AS u ON u.oid = s.setrole
CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) AS setting (value)
WHERE NOT u.rolsuper
ORDER BY 1, 2;

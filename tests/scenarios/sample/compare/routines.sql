-- Compares: every function and procedure: its whole definition (argument modes, names and types, volatility, security,
-- settings, body), its owner.
-- Why it can bite: bodies hold quotes, backslashes and dollar quotes; overloads differ by their arguments alone; SECURITY
-- DEFINER with another owner runs with other rights.
-- Printed with every name qualified and with standard literals, whatever the session's settings are.
SET search_path = pg_catalog;
SET standard_conforming_strings = on;

SELECT
    n.nspname AS schema_name,
    p.proname AS routine_name,
    pg_catalog.pg_get_function_identity_arguments(p.oid) AS arguments,
    CASE WHEN o.rolsuper THEN '(superuser)' ELSE o.rolname END AS owner,
    pg_catalog.pg_get_functiondef(p.oid) AS definition
FROM pg_catalog.pg_proc AS p
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
JOIN pg_catalog.pg_roles AS o ON o.oid = p.proowner
WHERE p.prokind IN ('f', 'p')
    AND n.nspname !~ '^pg_'
    AND n.nspname NOT IN ('information_schema', 'redshift_catalog')
ORDER BY 1, 2, 3;

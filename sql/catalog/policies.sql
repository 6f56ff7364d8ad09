-- Policies of the connected database, for row-level security (rls) and for masking: their columns and their expression.
-- Needs: superuser or the role sys:secadmin, else no row is there.
-- AWS: SVV_RLS_POLICY, SVV_MASKING_POLICY. The columns are JSON: [{"colname":"a","type":"integer"}].
SELECT
    'rls'::VARCHAR AS kind,
    polname AS policy_name,
    polalias AS alias,
    polatts AS policy_columns,
    polqual AS expression
FROM svv_rls_policy
WHERE poldb = CURRENT_DATABASE()
UNION ALL
SELECT
    'masking'::VARCHAR,
    policy_name,
    NULL,
    input_columns,
    policy_expression
FROM svv_masking_policy
WHERE policy_database = CURRENT_DATABASE()
ORDER BY kind, policy_name;

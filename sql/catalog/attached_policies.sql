-- Where policies are attached, and for whom: a user, a role or public.
-- Needs: superuser or the role sys:secadmin, else no row is there.
-- AWS: SVV_RLS_ATTACHED_POLICY, SVV_ATTACHED_MASKING_POLICY, both of the connected database. The columns are JSON: ["a","b"].
SELECT
    'rls'::VARCHAR AS kind,
    relschema AS schema_name,
    relname AS relation_name,
    polname AS policy_name,
    grantee,
    granteekind AS grantee_type,
    NULL::INTEGER AS priority,
    NULL AS input_columns,
    NULL AS output_columns
FROM svv_rls_attached_policy
UNION ALL
SELECT
    'masking'::VARCHAR,
    schema_name,
    table_name,
    policy_name,
    grantee,
    grantee_type,
    priority,
    input_columns,
    output_columns
FROM svv_attached_masking_policy
ORDER BY kind, schema_name, relation_name, policy_name, grantee_type, grantee, priority;

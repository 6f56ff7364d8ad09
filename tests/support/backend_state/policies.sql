-- Row-level security and masking: the policies, what they are attached to, and where they are on. Who wrote or attached one, and when,
-- decides nothing.
SELECT p.kind || ' policy ' || p.name AS object, concat_ws(', ', p.alias, p.attributes, p.expression) AS fact
FROM redshift_catalog.rs_policy p
UNION ALL
SELECT pg_catalog.format('policies on %I.%I', n.nspname, c.relname),
    concat_ws(' ', a.kind, a.name, 'to', i.type, i.name, 'priority', a.priority, a.input_columns, a.output_columns)
FROM redshift_catalog.rs_attached_policy a
JOIN pg_catalog.pg_class c ON c.oid = a.relation
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN redshift_catalog.rs_every_identity i ON i.role = a.grantee
UNION ALL
SELECT pg_catalog.format('policies on %I.%I', n.nspname, c.relname),
    concat_ws(' ', 'row-level security', s.is_on, s.conjunction, 'for datashares', s.for_datashares)
FROM redshift_catalog.rs_row_level_security s
JOIN pg_catalog.pg_class c ON c.oid = s.relation
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace;

-- Compares: the rows of every table, view and materialized view: their number, and a hash over all of them that does not
-- depend on their order.
-- Why it can bite: a row may be lost or doubled, and a value may change on its way through a file: '' and NULL, quotes,
-- line ends, backslashes, the last digit of a float, the zone of a timestamp, a nested value. A row's text form, which the
-- hash is taken of, tells NULL from '' and shows every digit. Views are read with their owners' rights, as anybody's query
-- does, so a right that an owner lacks shows as an error here.
-- The warehouse's own setting prints floats rounded, which would hide what is looked for.
SET extra_float_digits = 1;

CREATE OR REPLACE FUNCTION pg_temp.digest(relation regclass, OUT row_count bigint, OUT row_hash numeric)
LANGUAGE plpgsql
AS $digest$
BEGIN
    EXECUTE pg_catalog.format(
        'SELECT COUNT(*), COALESCE(SUM(pg_catalog.hashtextextended(whole_row::text, 0)::numeric), 0) FROM %s AS whole_row', relation
    ) INTO row_count, row_hash;
END;
$digest$;

SELECT
    n.nspname AS schema_name,
    c.relname AS relation_name,
    digest.row_count,
    digest.row_hash
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL pg_temp.digest(c.oid::regclass) AS digest
WHERE c.relkind IN ('r', 'v', 'm')
    AND n.nspname !~ '^pg_'
    AND n.nspname NOT IN ('information_schema', 'redshift_catalog')
ORDER BY 1, 2;

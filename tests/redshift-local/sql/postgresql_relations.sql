-- The relations that Redshift has from PostgreSQL 8.0 and that no other file defines, with the columns that they have there: PostgreSQL 18
-- has more, and a query that reads one would pass here and fail on Redshift. A column that PostgreSQL 18 lacks cannot be read here.
-- rs_listed_column holds the rows of reference/columns.tsv.
SET search_path = pg_catalog, pg_temp;

-- Who reads them needs the privileges on PostgreSQL's own.
DO
$$
DECLARE
    relation record;
BEGIN
    FOR relation IN
        SELECT l.relation AS name, string_agg(format('%I', l.column_name), ', ' ORDER BY a.attnum) AS columns
        FROM rs_listed_column l
        JOIN pg_attribute a ON a.attrelid = to_regclass(format('pg_catalog.%I', l.relation)) AND a.attname = l.column_name
        JOIN pg_type t ON t.oid = a.atttypid AND t.typtype <> 'p'
        WHERE to_regclass(format('redshift_catalog.%I', l.relation)) IS NULL
        GROUP BY l.relation
    LOOP
        EXECUTE format(
            'CREATE VIEW redshift_catalog.%1$I WITH (security_invoker) AS SELECT %2$s FROM pg_catalog.%1$I', relation.name, relation.columns
        );
    END LOOP;
END
$$;

-- The views of the information schema take each other in, in the order of their oids. Those that Redshift does not have stay whole:
-- reference/relations.tsv refuses them. A materialized view is a view to them, with its statement as its definition, and columns of late-binding
-- views are in PG_GET_LATE_BINDING_VIEW_COLS alone: so dbt-redshift reads them.
DO
$$
DECLARE
    view record;
BEGIN
    CREATE TEMPORARY TABLE rs_information_view ON COMMIT DROP AS
    SELECT
        c.oid, c.relname AS name,
        replace(replace(replace(replace(
            rtrim(pg_get_viewdef(c.oid), ';'),
            'c.relkind = ''v''::"char"', 'c.relkind IN (''v''::"char", ''m''::"char")'),
            '''r''::"char", ''v''::"char"', '''r''::"char", ''v''::"char", ''m''::"char"'),
            'pg_get_viewdef(', 'redshift_catalog.pg_get_viewdef('),
            'pg_attribute a', '(SELECT * FROM pg_attribute WHERE attrelid NOT IN (SELECT relation FROM redshift_catalog.rs_late_binding_view)) a'
        ) AS definition,
        (
            SELECT string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum)
            FROM pg_attribute a
            JOIN rs_listed_column l ON l.relation = 'information_schema.' || c.relname AND l.column_name = a.attname
            WHERE a.attrelid = c.oid
        ) AS columns
    FROM pg_class c
    WHERE c.relnamespace = 'information_schema'::regnamespace AND c.relkind = 'v';
    SET LOCAL client_min_messages = warning;
    FOR view IN SELECT * FROM rs_information_view LOOP
        EXECUTE format('DROP VIEW IF EXISTS information_schema.%I CASCADE', view.name);
    END LOOP;
    FOR view IN SELECT * FROM rs_information_view ORDER BY oid LOOP
        EXECUTE format(
            'CREATE VIEW information_schema.%I AS SELECT %s FROM (%s) AS v', view.name, coalesce(view.columns, '*'), view.definition
        );
        EXECUTE format('GRANT SELECT ON information_schema.%I TO PUBLIC', view.name);
    END LOOP;
    RESET client_min_messages;
END
$$;

DROP TABLE rs_listed_column;

-- ALTER TABLE … APPEND FROM (r_ALTER_TABLE_APPEND): moves all rows of one permanent table to another. Whose tables they must be the
-- page does not say: the caller's, both, as for every other ALTER TABLE.
SET search_path = pg_catalog;

-- The columns of a table, with what like-named ones must have in common.
CREATE FUNCTION redshift_catalog.rs_append_columns(table_oid oid, OUT name name, OUT is_identity boolean, OUT attributes text)
    RETURNS SETOF record LANGUAGE sql STABLE AS
$$
    SELECT a.attname, a.attidentity = 'a',
        concat_ws(' ', redshift_catalog.format_type(a.atttypid, a.atttypmod), redshift_catalog.format_encoding(c.encoding),
            CASE WHEN a.attnotnull THEN 'not null' END)
    FROM pg_catalog.pg_attribute a
    JOIN redshift_catalog.rs_column c ON c.relation = a.attrelid AND c.number = a.attnum
    WHERE a.attrelid = table_oid AND NOT a.attisdropped
$$;

-- The distribution style and key of a table, and the style and columns of its sort key.
CREATE FUNCTION redshift_catalog.rs_append_keys(table_oid oid, OUT distribution text, OUT sorting text) LANGUAGE sql STABLE AS
$$
    SELECT concat_ws(' ', t.diststyle, max(a.attname) FILTER (WHERE c.distkey)),
        t.sort_style || ' ' || string_agg(quote_ident(a.attname) || c.sort_order, ', ' ORDER BY abs(c.sort_order)) FILTER (WHERE c.sort_order <> 0)
    FROM redshift_catalog.rs_table t
    JOIN redshift_catalog.rs_column c USING (relation)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.relation AND a.attnum = c.number
    WHERE t.relation = table_oid
    GROUP BY t.diststyle, t.sort_style
$$;

-- Fails unless the relation is a permanent table that the caller may alter.
CREATE FUNCTION redshift_catalog.rs_check_append_table(relation regclass) RETURNS void LANGUAGE plpgsql STABLE AS
$$
DECLARE
    found pg_catalog.pg_class := (SELECT c FROM pg_catalog.pg_class c WHERE c.oid = relation);
BEGIN
    IF found.relkind = 'm' THEN
        RAISE EXCEPTION 'redshift-local: APPEND FROM a materialized view, which must be a streaming one, is not supported'
            USING ERRCODE = 'feature_not_supported';
    ELSIF found.relkind <> 'r' THEN
        RAISE EXCEPTION '"%" is not a table', found.relname USING ERRCODE = 'wrong_object_type';
    ELSIF NOT pg_catalog.pg_has_role(found.relowner, 'USAGE') THEN
        RAISE EXCEPTION 'must be owner of relation %', found.relname USING ERRCODE = 'insufficient_privilege';
    ELSIF found.relpersistence = 't' THEN
        RAISE EXCEPTION 'ALTER TABLE APPEND is not supported for temporary tables' USING ERRCODE = 'feature_not_supported';
    END IF;
END
$$;

-- Fails unless like-named columns are alike, none of them an IDENTITY column, and the option says what becomes of the others.
CREATE FUNCTION redshift_catalog.rs_check_append_columns(target oid, source oid, extra text) RETURNS void LANGUAGE plpgsql STABLE AS
$$
DECLARE
    reason text := (
        SELECT min(CASE
            WHEN t.name IS NULL AND extra <> 'ignoreextra' THEN format('column %I is not in the target table: IGNOREEXTRA is needed', name)
            WHEN s.name IS NULL AND extra <> 'filltarget' THEN format('column %I is not in the source table: FILLTARGET is needed', name)
            WHEN t.is_identity <> s.is_identity OR t.attributes <> s.attributes THEN format('column %I has different attributes in the tables', name)
        END)
        FROM redshift_catalog.rs_append_columns(target) t
        FULL JOIN redshift_catalog.rs_append_columns(source) s USING (name));
BEGIN
    IF (SELECT count(DISTINCT (a.distribution, a.sorting)) > 1 FROM unnest(ARRAY[target, source]) id, redshift_catalog.rs_append_keys(id) a) THEN
        reason := 'the tables have different distribution or sort keys';
    ELSIF (SELECT bool_or(is_identity) FROM redshift_catalog.rs_append_columns(target))
        AND (SELECT bool_or(is_identity) FROM redshift_catalog.rs_append_columns(source)) THEN
        reason := 'both tables have an identity column';
    END IF;
    IF reason IS NOT NULL THEN
        RAISE EXCEPTION 'cannot append: %', reason USING ERRCODE = 'feature_not_supported';
    END IF;
END
$$;

-- extra: ignoreextra, filltarget or nothing.
CREATE PROCEDURE redshift_catalog.rs_append(target regclass, source regclass, extra text) LANGUAGE plpgsql AS
$$
DECLARE
    common text;
BEGIN
    IF target = source THEN
        RAISE EXCEPTION 'cannot append table % to itself', target USING ERRCODE = 'feature_not_supported';
    END IF;
    PERFORM redshift_catalog.rs_check_append_table(target), redshift_catalog.rs_check_append_table(source);
    -- t_rls_usage: all rows move, so that only those may who see all.
    IF NOT redshift_catalog.rs_ignores_rls(current_user)
        AND EXISTS (SELECT 1 FROM redshift_catalog.rs_row_level_security s WHERE s.relation = source AND s.is_on) THEN
        RAISE EXCEPTION 'ALTER TABLE APPEND from % needs IGNORE RLS', source USING ERRCODE = 'insufficient_privilege';
    END IF;
    EXECUTE format('LOCK TABLE %s, %s IN ACCESS EXCLUSIVE MODE', target, source);
    PERFORM redshift_catalog.rs_check_append_columns(target, source, extra);
    SELECT string_agg(quote_ident(name), ', ') INTO common
    FROM redshift_catalog.rs_append_columns(target) t JOIN redshift_catalog.rs_append_columns(source) s USING (name);
    EXECUTE format('INSERT INTO %1$s (%2$s) SELECT %2$s FROM %3$s', target, common, source);
    EXECUTE format('TRUNCATE %s', source);
END
$$;

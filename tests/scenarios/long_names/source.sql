-- Names of the greatest length that redshift-local takes (127 bytes on Redshift: r_names): 63 bytes, 57 of groups and roles, 43 of materialized
-- views, whose tables and procedures have longer names; with capitals, quotes, a backslash, dots, signs that begin comments and parameters, and letters beyond
-- ASCII. psql puts them in where a colon stands before a word.

-- A table with policies and capitals can be read only where sessions have the setting by default (t_rls_usage).
ALTER USER admin SET enable_case_sensitive_identifier TO true;
SET enable_case_sensitive_identifier TO true;
\set user '"User ""it''s"" \\ a.b; -- $1 %s /* å é ü ß 木 xxxxxxxxxxxxxxxx"'
\set other '"OTHER user ""it''s"" \\ a.b; -- $1 %s /* å é ü ß 木 xxxxxxxxxx"'
\set group '"Group ""it''s"" \\ a.b; -- $1 %s /* å é ü ß 木 xxxxxxxxx"'
\set role '"Role ""it''s"" \\ a.b; -- $1 %s /* å é ü ß 木 xxxxxxxxxx"'
\set schema '"Schema ""it''s"" \\ a.b; -- $1 %s /* å é ü ß 木 xxxxxxxxxxxxxx"'
\set table '"Table ""it''s"" \\ a.b; -- $1 %s /* å é ü ß 木 xxxxxxxxxxxxxxx"'
\set column '"Column ""it''s"" \\ a.b; -- $1 %s /* å é ü ß 木 xxxxxxxxxxxxxx"'
\set second '"second ""it''s"" \\ a.b; -- $1 %s /* å é ü ß 木 xxxxxxxxxxxxxx"'
\set view '"View ""it''s"" \\ a.b; -- $1 %s /* å é ü ß 木 xxxxxxxxxxxxxxxx"'
\set late '"Late view ""it''s"" \\ a.b; -- $1 %s /* å é ü ß 木 xxxxxxxxxxx"'
\set mv '"Stored ""it''s"" \\ a.b; -- $1 %s /* å é ü"'
\set function '"Function ""it''s"" \\ a.b; -- $1 %s /* å é ü ß 木 xxxxxxxxxxxx"'
\set procedure '"Procedure ""it''s"" \\ a.b; -- $1 %s /* å é ü ß 木 xxxxxxxxxxx"'
\set argument '"Argument ""it''s"" \\ a.b; -- $1 %s /* å é ü ß 木 xxxxxxxxxxxx"'
\set key '"Key ""it''s"" \\ a.b; -- $1 %s /* å é ü ß 木 xxxxxxxxxxxxxxxxx"'
\set foreign '"Foreign key ""it''s"" \\ a.b; -- $1 %s /* å é ü ß 木 xxxxxxxxx"'
\set policy '"Policy ""it''s"" \\ a.b; -- $1 %s /* å é ü ß 木 xxxxxxxxxxxxxx"'

CREATE USER :user PASSWORD DISABLE;
CREATE USER :other PASSWORD DISABLE;
CREATE GROUP :group WITH USER :other;
CREATE ROLE :role;
GRANT ROLE :role TO :other WITH ADMIN OPTION;
CREATE SCHEMA :schema AUTHORIZATION :user;
ALTER USER :other SET search_path TO :schema;
CREATE TABLE :schema.:table (
    :column INTEGER NOT NULL ENCODE az64,
    :second VARCHAR(20) ENCODE lzo,
    CONSTRAINT :key PRIMARY KEY (:column)
)
DISTSTYLE KEY DISTKEY (:column) SORTKEY (:second);
ALTER TABLE :schema.:table ADD CONSTRAINT :foreign FOREIGN KEY (:column) REFERENCES :schema.:table (:column);
INSERT INTO :schema.:table VALUES (1, 'one');
CREATE VIEW :schema.:view AS SELECT :column FROM :schema.:table;
CREATE VIEW :schema.:late AS SELECT :second FROM :schema.:table WITH NO SCHEMA BINDING;
-- Not over the table, which has a policy.
CREATE TABLE :schema.base (:second INTEGER ENCODE az64) DISTSTYLE EVEN;
CREATE MATERIALIZED VIEW :schema.:mv AS SELECT :second FROM :schema.base;
CREATE FUNCTION :schema.:function (INTEGER) RETURNS INTEGER STABLE AS $$ SELECT $1 $$ LANGUAGE sql;
CREATE PROCEDURE :schema.:procedure (:argument INOUT INTEGER) AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql;
COMMENT ON TABLE :schema.:table IS 'long';
COMMENT ON COLUMN :schema.:table.:column IS 'long';
COMMENT ON CONSTRAINT :key ON :schema.:table IS 'long';
CREATE RLS POLICY :policy WITH (:column INTEGER) USING (:column > 1);
ATTACH RLS POLICY :policy ON :schema.:table TO ROLE :role;
ALTER TABLE :schema.:table ROW LEVEL SECURITY ON;

ALTER TABLE :schema.:view OWNER TO :other;
ALTER PROCEDURE :schema.:procedure (INTEGER) OWNER TO :other;
GRANT USAGE ON SCHEMA :schema TO GROUP :group, ROLE :role;
GRANT SELECT ON :schema.:table TO GROUP :group, ROLE :role;
GRANT SELECT (:column) ON :schema.:view TO ROLE :role;
GRANT EXECUTE ON FUNCTION :schema.:function (INTEGER) TO :other WITH GRANT OPTION;
GRANT SELECT FOR TABLES IN SCHEMA :schema TO ROLE :role;
ALTER DEFAULT PRIVILEGES FOR USER :user IN SCHEMA :schema GRANT SELECT ON TABLES TO GROUP :group;

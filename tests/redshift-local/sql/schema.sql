-- The compatibility schema, its place in the search path, and what PUBLIC may do in a new database.
--
-- Every session's search path ends in "redshift_catalog, pg_catalog" (see postgresql.conf, written by postgres.rs): these
-- relations and functions are found before PostgreSQL's of the same name, and after those of the user's own schemas.
-- Inside these files PostgreSQL's own catalog is always written pg_catalog.<name>.
SET search_path = pg_catalog;

CREATE SCHEMA redshift_catalog;
GRANT USAGE ON SCHEMA redshift_catalog TO PUBLIC;

-- r_GRANT: by default, all users have CREATE and USAGE privileges on the PUBLIC schema.
ALTER SCHEMA public OWNER TO rdsdb;
GRANT ALL ON SCHEMA public TO PUBLIC;

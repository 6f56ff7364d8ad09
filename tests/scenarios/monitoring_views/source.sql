-- Views and procedures over the monitoring relations of a cluster, which a workgroup does not have (c_intro_system_views,
-- sys_view_migration): what a cluster's administrators keep in a schema of their own.

SET enable_case_sensitive_identifier TO true;
CREATE USER bob PASSWORD DISABLE;
CREATE SCHEMA admin;
CREATE TABLE admin.stl_archive (id INTEGER ENCODE az64) DISTSTYLE EVEN;
CREATE VIEW admin.load_errors AS SELECT query, colname, err_code FROM stl_load_errors;
CREATE VIEW admin.over_load_errors AS SELECT err_code FROM admin.load_errors;
CREATE VIEW admin.sessions AS SELECT s.process, s.user_name FROM pg_catalog.stv_sessions s;
CREATE VIEW "admin"."late" AS SELECT query FROM pg_catalog.stl_load_errors WITH NO SCHEMA BINDING;
CREATE VIEW admin.archived AS SELECT stl_archive.id AS stl_query FROM admin.stl_archive;
CREATE VIEW admin.users AS SELECT usename FROM pg_user;
CREATE PROCEDURE admin.keep_errors() AS $$ BEGIN INSERT INTO admin.stl_archive SELECT query FROM stl_load_errors; END $$ LANGUAGE plpgsql;
GRANT SELECT ON admin.load_errors TO bob;

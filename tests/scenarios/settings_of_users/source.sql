-- Settings that users start with: search paths with quoted names, values with quotes and backslashes, numbers, words.
-- r_ALTER_USER, r_search_path.

CREATE USER ann PASSWORD DISABLE;
CREATE USER bob PASSWORD DISABLE CONNECTION LIMIT UNLIMITED;
CREATE USER eve PASSWORD DISABLE CONNECTION LIMIT 0 SESSION TIMEOUT 60;
CREATE SCHEMA shop AUTHORIZATION ann;
GRANT USAGE ON SCHEMA shop TO bob, eve;

ALTER USER ann SET search_path TO "$user", shop, "odd ""one"", too", public;
ALTER USER ann SET query_group TO 'it''s a \\ "group"';
ALTER USER ann SET statement_timeout TO 60000;
ALTER USER bob SET timezone TO 'Europe/Oslo';
ALTER USER bob SET datestyle TO 'ISO, DMY';
ALTER USER eve SET enable_case_sensitive_identifier TO true;

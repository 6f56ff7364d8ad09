-- --OWNERS target-admin: everything that is created belongs to the login, what stands stays with whom it is, and who owned it on the source
-- has there only what was granted, which is nothing of itself (r_GRANT: an owner's rights are not granted to it).

SET enable_case_sensitive_identifier TO true;
CREATE USER ann PASSWORD DISABLE;
CREATE USER bob PASSWORD DISABLE;
CREATE SCHEMA shop AUTHORIZATION ann;
GRANT USAGE ON SCHEMA shop TO bob;
CREATE TABLE shop.item (a INTEGER ENCODE raw) DISTSTYLE EVEN;
CREATE TABLE shop.there (a INTEGER ENCODE raw) DISTSTYLE EVEN;
CREATE VIEW shop.items AS SELECT a FROM shop.item;
CREATE VIEW "shop"."late" AS SELECT a FROM shop.item WITH NO SCHEMA BINDING;
CREATE PROCEDURE shop.count_them () AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql;
CREATE FUNCTION shop.plus (INTEGER) RETURNS INTEGER IMMUTABLE AS $$ SELECT $1 + 1 $$ LANGUAGE sql;
ALTER TABLE shop.item OWNER TO ann;
ALTER TABLE shop.there OWNER TO ann;
ALTER TABLE shop.items OWNER TO ann;
ALTER TABLE shop.late OWNER TO ann;
ALTER PROCEDURE shop.count_them () OWNER TO ann;
GRANT SELECT ON shop.item TO bob;
GRANT SELECT ON shop.late TO bob;
SET SESSION AUTHORIZATION ann;
CREATE MATERIALIZED VIEW shop.stored AS SELECT a FROM shop.there;
SET SESSION AUTHORIZATION DEFAULT;

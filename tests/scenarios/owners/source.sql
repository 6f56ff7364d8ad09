-- Owners of schemas, tables, views, materialized views and routines, some of which stand on the target with another (r_ALTER_TABLE, r_ALTER_SCHEMA).

CREATE USER ann PASSWORD DISABLE;
CREATE USER bob PASSWORD DISABLE;
CREATE SCHEMA shop AUTHORIZATION ann;
CREATE SCHEMA depot AUTHORIZATION bob;
GRANT ALL ON SCHEMA shop TO bob;
CREATE TABLE shop.item (a INTEGER ENCODE raw) DISTSTYLE EVEN;
CREATE TABLE shop.there (a INTEGER ENCODE raw) DISTSTYLE EVEN;
CREATE VIEW shop.items AS SELECT a FROM shop.item;
CREATE PROCEDURE shop.count_them () AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql;
CREATE FUNCTION shop.plus (INTEGER) RETURNS INTEGER IMMUTABLE AS $$ SELECT $1 + 1 $$ LANGUAGE sql;
ALTER TABLE shop.item OWNER TO ann;
ALTER TABLE shop.there OWNER TO bob;
ALTER TABLE shop.items OWNER TO bob;
ALTER PROCEDURE shop.count_them () OWNER TO ann;
ALTER FUNCTION shop.plus (INTEGER) OWNER TO bob;

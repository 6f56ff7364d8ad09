-- Scoped permissions: on all objects of a kind in a schema, those to come, too. Those of the whole database would reach the
-- objects of others on the target: they are named and not granted.
-- r_GRANT, t_scoped-permissions, r_SVV_SCHEMA_PRIVILEGES.

CREATE USER ann PASSWORD DISABLE;
CREATE USER bob PASSWORD DISABLE;
CREATE ROLE reader;
CREATE SCHEMA shop;
CREATE TABLE shop.orders (id INTEGER ENCODE az64) DISTSTYLE EVEN;
CREATE PROCEDURE shop.tidy () AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql;
GRANT USAGE, ALTER, DROP ON SCHEMA shop TO ROLE reader;
GRANT SELECT, DROP FOR TABLES IN SCHEMA shop TO ann WITH GRANT OPTION, ROLE reader;
GRANT EXECUTE FOR PROCEDURES IN SCHEMA shop TO ROLE reader;
GRANT EXECUTE FOR FUNCTIONS IN SCHEMA shop TO bob;
GRANT UPDATE FOR TABLES IN DATABASE dev TO ann;

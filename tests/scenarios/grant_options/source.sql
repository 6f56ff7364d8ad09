-- Rights with and without grant option; the one on a schema and its relations and routines, one right more widely than the other.
-- r_GRANT: groups, roles and PUBLIC take no grant option.

CREATE USER ann PASSWORD DISABLE;
CREATE USER bob PASSWORD DISABLE;
CREATE USER eve PASSWORD DISABLE;
CREATE SCHEMA shop AUTHORIZATION ann;
CREATE TABLE shop.orders (id INTEGER ENCODE az64) DISTSTYLE EVEN;
ALTER TABLE shop.orders OWNER TO ann;
CREATE VIEW shop.ids AS SELECT id FROM shop.orders;
CREATE FUNCTION shop.twice (INTEGER) RETURNS INTEGER IMMUTABLE AS $$ SELECT 2 * $1 $$ LANGUAGE sql;
CREATE PROCEDURE shop.tidy () AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql;
REVOKE EXECUTE ON FUNCTION shop.twice (INTEGER) FROM PUBLIC;

GRANT USAGE ON SCHEMA shop TO bob WITH GRANT OPTION, eve;
GRANT SELECT ON shop.orders TO bob WITH GRANT OPTION;
GRANT INSERT, UPDATE, DELETE, REFERENCES ON shop.orders TO bob;
GRANT ALL ON shop.ids TO eve WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION shop.twice (INTEGER) TO bob WITH GRANT OPTION, eve;
GRANT EXECUTE ON PROCEDURE shop.tidy () TO eve WITH GRANT OPTION;

-- What bob passes on is granted anew, by who runs the migration.
SET SESSION AUTHORIZATION bob;
GRANT SELECT ON shop.orders TO eve;
SET SESSION AUTHORIZATION DEFAULT;

-- What everybody may: a function's EXECUTE, which is there by itself, and a function and a procedure for which it is not.
-- r_GRANT, stored-procedure-security-and-privileges.

CREATE SCHEMA shop;
CREATE TABLE shop.orders (id INTEGER ENCODE az64) DISTSTYLE EVEN;
CREATE VIEW shop.ids AS SELECT id FROM shop.orders;
CREATE FUNCTION shop.twice (INTEGER) RETURNS INTEGER IMMUTABLE AS $$ SELECT 2 * $1 $$ LANGUAGE sql;
CREATE FUNCTION shop.thrice (INTEGER) RETURNS INTEGER IMMUTABLE AS $$ SELECT 3 * $1 $$ LANGUAGE sql;
CREATE PROCEDURE shop.tidy () AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql;
CREATE PROCEDURE shop.tidy_not () AS $$ BEGIN NULL; END $$ LANGUAGE plpgsql;

GRANT USAGE, CREATE ON SCHEMA shop TO PUBLIC;
GRANT SELECT, INSERT ON shop.orders TO PUBLIC;
GRANT SELECT ON shop.ids TO PUBLIC;
REVOKE EXECUTE ON FUNCTION shop.thrice (INTEGER) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE shop.tidy () TO PUBLIC;

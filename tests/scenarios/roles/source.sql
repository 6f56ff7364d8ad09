-- Roles with owners, who hold rights; users who hold roles, one WITH ADMIN OPTION; one of Redshift's own roles; one role that is
-- as good as a superuser, which is named and not given.
-- r_CREATE_ROLE, r_ALTER_ROLE, r_GRANT, r_roles-default.

CREATE USER ann PASSWORD DISABLE;
CREATE USER bob PASSWORD DISABLE;
CREATE USER eve PASSWORD DISABLE;
CREATE USER outsider PASSWORD DISABLE;
CREATE ROLE reader;
CREATE ROLE "Keeper of ""shop""";
CREATE ROLE elsewhere;
ALTER ROLE "Keeper of ""shop""" OWNER TO ann;
GRANT ROLE reader TO ann WITH ADMIN OPTION, bob;
GRANT ROLE "Keeper of ""shop""" TO eve;
GRANT ROLE elsewhere TO outsider;
GRANT ROLE sys:monitor TO bob;
GRANT ROLE sys:superuser TO eve;

CREATE SCHEMA shop AUTHORIZATION ann;
CREATE TABLE shop.orders (id INTEGER ENCODE az64, note VARCHAR(20) ENCODE lzo) DISTSTYLE EVEN;
CREATE FUNCTION shop.twice (INTEGER) RETURNS INTEGER IMMUTABLE AS $$ SELECT 2 * $1 $$ LANGUAGE sql;
GRANT USAGE ON SCHEMA shop TO ROLE reader, ROLE "Keeper of ""shop""";
GRANT SELECT ON shop.orders TO ROLE reader;
GRANT INSERT, DELETE, TRUNCATE ON shop.orders TO ROLE "Keeper of ""shop""";
GRANT EXECUTE ON FUNCTION shop.twice (INTEGER) TO ROLE reader;

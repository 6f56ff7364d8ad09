-- A view and a SECURITY DEFINER procedure act with the privileges of their owner, a user of IAM who does not move. Who may use
-- them on the source may not on the target: that is listed, and is no failed step besides.
-- r_CREATE_VIEW; stored-procedure-security-and-privileges; Management Guide: generating-user-credentials.

CREATE USER ann PASSWORD DISABLE;
CREATE USER reader PASSWORD DISABLE;
CREATE USER "IAM:etl" PASSWORD DISABLE;

CREATE SCHEMA shop AUTHORIZATION ann;
GRANT USAGE, CREATE ON SCHEMA shop TO "IAM:etl";
GRANT USAGE ON SCHEMA shop TO reader;
CREATE TABLE shop.orders (id INTEGER ENCODE az64) DISTSTYLE EVEN;
CREATE VIEW shop.open_orders AS SELECT id FROM shop.orders;
CREATE PROCEDURE shop.purge () AS $$ BEGIN DELETE FROM shop.orders; END $$ LANGUAGE plpgsql SECURITY DEFINER;
ALTER TABLE shop.open_orders OWNER TO "IAM:etl";
ALTER PROCEDURE shop.purge () OWNER TO "IAM:etl";
GRANT SELECT ON shop.open_orders TO reader;
GRANT EXECUTE ON PROCEDURE shop.purge () TO reader;

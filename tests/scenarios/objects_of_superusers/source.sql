-- What a superuser of the source owns, who comes to the target as an ordinary user: views, late-binding views and procedures with SECURITY
-- DEFINER work with the rights of their owner, who needed no grant on the source. What it was granted, or owns, works on the target, too.
-- r_CREATE_VIEW, stored-procedure-security-and-privileges, materialized-view-create-sql-command.

CREATE USER boss PASSWORD 'Abcdef12' CREATEUSER;
CREATE USER etl PASSWORD DISABLE;
CREATE USER bi PASSWORD DISABLE;
CREATE SCHEMA shop;
GRANT USAGE, CREATE ON SCHEMA shop TO etl;
GRANT USAGE ON SCHEMA shop TO bi;
SET SESSION AUTHORIZATION etl;
CREATE TABLE shop.orders (id INTEGER ENCODE az64) DISTSTYLE EVEN;
CREATE TABLE shop.granted (id INTEGER ENCODE az64) DISTSTYLE EVEN;
GRANT SELECT ON shop.granted TO boss;
SET SESSION AUTHORIZATION DEFAULT;

SET SESSION AUTHORIZATION boss;
CREATE TABLE shop.own (id INTEGER ENCODE az64) DISTSTYLE EVEN;
CREATE VIEW shop.over_orders AS SELECT id FROM shop.orders;
CREATE VIEW shop.over_granted AS SELECT g.id FROM shop.granted g JOIN shop.own o ON o.id = g.id;
CREATE VIEW shop.late_orders AS SELECT id FROM shop.orders WITH NO SCHEMA BINDING;
CREATE VIEW shop.late_granted AS SELECT id FROM shop.granted WITH NO SCHEMA BINDING;
CREATE MATERIALIZED VIEW shop.counted AS SELECT COUNT(*) AS n FROM shop.orders;
CREATE PROCEDURE shop.add_one() AS $$ BEGIN INSERT INTO shop.own SELECT id FROM shop.orders; END $$ LANGUAGE plpgsql SECURITY DEFINER;
CREATE PROCEDURE shop.add_as_caller() AS $$ BEGIN INSERT INTO shop.own SELECT id FROM shop.orders; END $$ LANGUAGE plpgsql;
GRANT SELECT ON shop.over_orders TO bi;
GRANT SELECT ON shop.over_granted TO bi;
GRANT SELECT ON shop.late_orders TO bi;
GRANT SELECT ON shop.late_granted TO bi;
GRANT EXECUTE ON PROCEDURE shop.add_one() TO bi;
SET SESSION AUTHORIZATION DEFAULT;

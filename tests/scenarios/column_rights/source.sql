-- Rights on columns of a table, a view and a materialized view, to users, groups, roles and PUBLIC; quoted names.
-- r_GRANT, r_GRANT-usage-notes-clp, r_SVV_COLUMN_PRIVILEGES.

CREATE USER ann PASSWORD DISABLE;
CREATE USER bob PASSWORD DISABLE;
CREATE GROUP clerks WITH USER bob;
CREATE ROLE reader;
SET enable_case_sensitive_identifier TO true;

CREATE SCHEMA shop AUTHORIZATION ann;
CREATE TABLE shop.orders (id INTEGER ENCODE az64, note VARCHAR(20) ENCODE lzo, "Odd ""one""" INTEGER ENCODE az64) DISTSTYLE EVEN;
ALTER TABLE shop.orders OWNER TO ann;
CREATE VIEW shop.notes AS SELECT id, note FROM shop.orders;
ALTER TABLE shop.notes OWNER TO ann;
SET SESSION AUTHORIZATION ann;
CREATE MATERIALIZED VIEW shop.totals AS SELECT id, count(*) AS orders FROM shop.orders GROUP BY id;
SET SESSION AUTHORIZATION DEFAULT;

GRANT USAGE ON SCHEMA shop TO PUBLIC;
GRANT SELECT (id, "Odd ""one"""), UPDATE (note) ON shop.orders TO bob;
GRANT SELECT (id) ON shop.orders TO GROUP clerks, ROLE reader, PUBLIC;
GRANT SELECT (note) ON shop.notes TO bob;
GRANT SELECT (orders) ON shop.totals TO ROLE reader;
GRANT INSERT ON shop.orders TO ROLE reader;

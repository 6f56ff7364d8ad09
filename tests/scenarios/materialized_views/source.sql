-- Materialized views: with every option, over each other, owned by others than their tables' owners, refreshing by themselves by
-- their statement and by a later ALTER, and one whose owner lost the right that it needs.
-- materialized-view-create-sql-command, r_ALTER_MATERIALIZED_VIEW.

CREATE USER ann PASSWORD DISABLE;
CREATE USER bob PASSWORD DISABLE;
CREATE USER eve PASSWORD DISABLE;
CREATE GROUP readers WITH USER bob;
CREATE SCHEMA shop AUTHORIZATION ann;
CREATE TABLE shop.orders (id INTEGER ENCODE az64, amount INTEGER ENCODE az64) DISTSTYLE EVEN;
INSERT INTO shop.orders VALUES (1, 10), (2, 20);
ALTER TABLE shop.orders OWNER TO ann;
GRANT USAGE, CREATE ON SCHEMA shop TO GROUP readers;
GRANT USAGE, CREATE ON SCHEMA shop TO eve;
GRANT SELECT ON shop.orders TO GROUP readers;
GRANT SELECT ON shop.orders TO eve;

SET SESSION AUTHORIZATION ann;
CREATE MATERIALIZED VIEW shop.z_base BACKUP NO DISTSTYLE KEY DISTKEY (id) SORTKEY (total) AUTO REFRESH NO AS
    SELECT id, SUM(amount) AS total FROM shop.orders GROUP BY id;
CREATE MATERIALIZED VIEW shop.by_itself AUTO REFRESH YES AS SELECT id FROM shop.orders;
CREATE MATERIALIZED VIEW shop.altered AS SELECT amount FROM shop.orders;
ALTER MATERIALIZED VIEW shop.altered AUTO REFRESH YES;
ALTER MATERIALIZED VIEW shop.by_itself AUTO REFRESH NO;
GRANT SELECT ON shop.z_base TO bob;
SET SESSION AUTHORIZATION bob;
CREATE MATERIALIZED VIEW shop.a_nested AS SELECT id, total + 1 AS more FROM shop.z_base;
SET SESSION AUTHORIZATION eve;
CREATE MATERIALIZED VIEW shop.powerless AS SELECT id FROM shop.orders;
SET SESSION AUTHORIZATION DEFAULT;
REVOKE SELECT ON shop.orders FROM eve;
CREATE VIEW shop.over_both AS SELECT n.more, o.id FROM shop.a_nested n JOIN shop.orders o ON o.id = n.id;
CREATE VIEW shop.over_powerless AS SELECT id FROM shop.powerless;
GRANT SELECT ON shop.over_both TO eve;

-- A small tenant, enough that one table of five, two of five, or none may fail; and another one beside it.
CREATE SCHEMA harbour;
CREATE TABLE harbour.berth (id INT NOT NULL, name VARCHAR(40));
CREATE TABLE harbour.vessel (id INT NOT NULL, name VARCHAR(40), PRIMARY KEY (id));
CREATE TABLE harbour.call (vessel INT NOT NULL, berth INT NOT NULL, arrived DATE);
CREATE TABLE harbour."pilot's ""log""" (id INT NOT NULL, entry VARCHAR(200));
CREATE TABLE harbour.tide (at TIMESTAMP NOT NULL, metres DECIMAL(5, 2));
INSERT INTO harbour.berth VALUES (1, 'north'), (2, 'south');
INSERT INTO harbour.vessel VALUES (1, 'Planted-Cell-Value'), (2, 'Brage');
INSERT INTO harbour.call VALUES (1, 2, '2026-01-31'), (2, 1, '2026-02-01'), (1, 1, '2026-02-02');
INSERT INTO harbour."pilot's ""log""" VALUES (1, 'fog');
INSERT INTO harbour.tide VALUES ('2026-01-31 06:00:00', 3.25);
CREATE VIEW harbour.busy AS SELECT vessel, COUNT(*) AS calls FROM harbour.call GROUP BY vessel;
CREATE MATERIALIZED VIEW harbour.calls_by_berth AS SELECT berth, COUNT(*) AS calls FROM harbour.call GROUP BY berth;
CREATE SCHEMA quay;
CREATE TABLE quay.crane (id INT NOT NULL, tonnes INT);
INSERT INTO quay.crane VALUES (1, 40), (2, 65);

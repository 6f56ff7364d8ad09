-- Views: over views whose names sort after theirs, over several schemas, with names of columns of their own, quoted names, a
-- long definition.
-- r_CREATE_VIEW, r_names.

SET enable_case_sensitive_identifier TO true;
CREATE USER ann PASSWORD DISABLE;
CREATE USER bob PASSWORD DISABLE;
CREATE SCHEMA shop AUTHORIZATION ann;
CREATE SCHEMA "Back Office" AUTHORIZATION bob;
CREATE TABLE shop.orders (id INTEGER ENCODE az64, "Odd ""Name""" VARCHAR(20) ENCODE lzo) DISTSTYLE EVEN;
CREATE TABLE "Back Office".staff (id INTEGER ENCODE az64) DISTSTYLE ALL;

CREATE VIEW shop.z_base (n, "M m") AS SELECT id, "Odd ""Name""" FROM shop.orders WHERE "Odd ""Name""" <> 'it''s \\ "z"';
CREATE VIEW "Back Office"."m, Middle" AS SELECT z.n, s.id FROM shop.z_base z JOIN "Back Office".staff s ON s.id = z.n;
CREATE VIEW shop.a_top AS SELECT n FROM "Back Office"."m, Middle" UNION ALL SELECT id FROM shop.orders;
CREATE VIEW shop.long AS SELECT CASE
    WHEN id = 1 THEN 'a value that is written out at length so that the definition grows beyond what a cast would leave of it'
    WHEN id = 2 THEN 'another value that is written out at length so that the definition grows beyond what a cast would leave'
    WHEN id = 3 THEN 'and a third value that is written out at length so that the definition grows beyond what joins leave'
    ELSE 'none' END::VARCHAR(200) AS text FROM shop.orders;

ALTER TABLE shop.z_base OWNER TO ann;
ALTER TABLE "Back Office"."m, Middle" OWNER TO bob;
GRANT SELECT ON shop.z_base TO bob;
GRANT SELECT ON shop.a_top TO PUBLIC;

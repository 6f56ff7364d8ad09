-- Names that differ only by case: sessions with enable_case_sensitive_identifier off take one for the other
-- (r_enable_case_sensitive_identifier, r_names).

SET enable_case_sensitive_identifier TO true;
CREATE SCHEMA shop;
CREATE TABLE shop.orders (id INTEGER, "ID" INTEGER);
CREATE TABLE shop."Orders" (id INTEGER);
CREATE VIEW shop."Alone" AS SELECT 1 AS "One";

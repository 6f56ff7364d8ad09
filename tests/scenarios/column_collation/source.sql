-- COLLATE of columns (r_CREATE_TABLE_NEW), which SHOW COLUMNS tells (r_SHOW_COLUMNS): in new tables, in a column that a table lacks on the
-- target (r_ALTER_TABLE), and in a table that has others there. What says the database's own collation is as what says none.

SET enable_case_sensitive_identifier TO true;
CREATE SCHEMA shop;
CREATE TABLE shop.collated (a VARCHAR(10) COLLATE CASE_INSENSITIVE, b CHAR(3) COLLATE CASE_SENSITIVE, c VARCHAR(10), d SUPER COLLATE CI, e INTEGER);
CREATE TABLE shop."Named """ ("A a" VARCHAR(10) NOT NULL DEFAULT 'x' COLLATE CI, b DATE);
CREATE TABLE shop.grown (a VARCHAR(10) ENCODE lzo, b VARCHAR(10) ENCODE lzo COLLATE CASE_INSENSITIVE) DISTSTYLE EVEN;
CREATE TABLE shop.standing (
    a VARCHAR(10) ENCODE lzo COLLATE CASE_INSENSITIVE, b VARCHAR(10) ENCODE lzo, c VARCHAR(10) ENCODE lzo COLLATE CASE_INSENSITIVE,
    d VARCHAR(10) ENCODE lzo) DISTSTYLE EVEN;

-- Every DISTSTYLE, SORTKEY, ENCODE and BACKUP form (r_CREATE_TABLE_NEW, r_ALTER_TABLE). Tables with a row, since SVV_TABLE_INFO lists no
-- others: it alone tells what is AUTO (r_SVV_TABLE_INFO). INTERLEAVED is in interleaved_sort_key.

SET enable_case_sensitive_identifier TO true;
CREATE SCHEMA shop;
CREATE TABLE shop.left_to_redshift (a INTEGER, b VARCHAR(20), c SUPER NOT NULL, d BOOLEAN);
CREATE TABLE shop.all_automatic (a INTEGER) BACKUP YES DISTSTYLE AUTO SORTKEY AUTO ENCODE AUTO;
CREATE TABLE shop.spread (a INTEGER ENCODE az64) BACKUP NO DISTSTYLE EVEN;
CREATE TABLE shop.copied (a INTEGER ENCODE delta, b SMALLINT ENCODE mostly8) DISTSTYLE ALL;
CREATE TABLE shop.keyed (a INTEGER ENCODE bytedict, b VARCHAR(20) ENCODE zstd, c DATE ENCODE runlength)
    DISTSTYLE KEY DISTKEY (a) COMPOUND SORTKEY (c, a);
CREATE TABLE shop."on Columns" ("a b" INTEGER DISTKEY SORTKEY, b CHAR(3) ENCODE lzo, c VARCHAR(8) ENCODE text255, d REAL ENCODE raw);
CREATE TABLE shop.chosen (a INTEGER, b INTEGER) DISTSTYLE EVEN SORTKEY (b, a);
ALTER TABLE shop.chosen ALTER SORTKEY AUTO;
CREATE TABLE shop.without_key (a INTEGER) SORTKEY (a);
ALTER TABLE shop.without_key ALTER SORTKEY NONE;

INSERT INTO shop.left_to_redshift VALUES (1, 'x', JSON_PARSE('[1]'), true);
INSERT INTO shop.all_automatic VALUES (1);
INSERT INTO shop.spread VALUES (1);
INSERT INTO shop.copied VALUES (1, 1);
INSERT INTO shop.keyed VALUES (1, 'x', '2026-01-02');
INSERT INTO shop."on Columns" VALUES (1, 'x', 'x', 1.5);
INSERT INTO shop.chosen VALUES (1, 1);
INSERT INTO shop.without_key VALUES (1);

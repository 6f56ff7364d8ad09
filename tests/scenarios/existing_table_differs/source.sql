-- Tables that stand on the target otherwise (r_ALTER_TABLE says what cannot be altered): each difference is named with both definitions, and the
-- table is left.

CREATE SCHEMA shop;
CREATE TABLE shop.shelf (a INTEGER NOT NULL ENCODE az64, b VARCHAR(10) DEFAULT 'x' ENCODE lzo, c BIGINT ENCODE az64, d INTEGER ENCODE az64)
    DISTSTYLE KEY DISTKEY (a) COMPOUND SORTKEY (c);
CREATE TABLE shop.item (a INTEGER NOT NULL PRIMARY KEY, b INTEGER UNIQUE);
CREATE TABLE shop.same (a INTEGER ENCODE raw) DISTSTYLE EVEN;

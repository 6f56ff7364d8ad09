-- INTERLEAVED SORTKEY (r_CREATE_TABLE_NEW): the places of its columns are negative in turns (r_PG_TABLE_DEF).

CREATE SCHEMA shop;
CREATE TABLE shop.interleaved (a INTEGER, b INTEGER ENCODE zstd, c INTEGER, d INTEGER ENCODE az64) DISTKEY (b)
    INTERLEAVED SORTKEY (c, a, b);
INSERT INTO shop.interleaved VALUES (1, 1, 1, 1);

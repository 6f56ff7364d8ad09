-- Columns that a table on the target lacks: those that end the source's table are added (r_ALTER_TABLE, ADD COLUMN), one that stands before others
-- or that rows would break is named. Their comments and keys follow.

CREATE SCHEMA shop;
CREATE TABLE shop.item (a INTEGER ENCODE az64, b VARCHAR(10) ENCODE lzo, c INTEGER NOT NULL DEFAULT 3 ENCODE zstd, d SUPER ENCODE zstd,
    CONSTRAINT new_key UNIQUE (b, c));
COMMENT ON COLUMN shop.item.c IS 'a new column';
CREATE TABLE shop.place (a INTEGER ENCODE az64, between_them INTEGER ENCODE az64, b INTEGER ENCODE az64);
CREATE TABLE shop.strict (a INTEGER ENCODE az64, b INTEGER NOT NULL ENCODE az64, c INTEGER ENCODE az64);

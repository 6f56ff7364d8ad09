-- VARCHAR columns that are longer on the source than on the target: ALTER COLUMN … TYPE makes those longer that it takes (r_ALTER_TABLE); the
-- others are named.

SET enable_case_sensitive_identifier TO true;
CREATE SCHEMA shop;
CREATE TABLE shop.item (plain VARCHAR(300) ENCODE lzo, "With Blanks" VARCHAR(30) ENCODE zstd, shorter VARCHAR(5) ENCODE lzo,
    defaulted VARCHAR(30) DEFAULT 'x' ENCODE lzo, in_key VARCHAR(30) ENCODE lzo UNIQUE, encoded VARCHAR(30) ENCODE bytedict,
    fixed CHAR(30) ENCODE lzo);

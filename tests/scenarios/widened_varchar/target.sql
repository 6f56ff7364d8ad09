SET enable_case_sensitive_identifier TO true;
CREATE SCHEMA shop;
CREATE TABLE shop.item (plain VARCHAR(30) ENCODE lzo, "With Blanks" VARCHAR(10) ENCODE zstd, shorter VARCHAR(10) ENCODE lzo,
    defaulted VARCHAR(10) DEFAULT 'x' ENCODE lzo, in_key VARCHAR(10) ENCODE lzo UNIQUE, encoded VARCHAR(10) ENCODE bytedict,
    fixed CHAR(10) ENCODE lzo);
INSERT INTO shop.item (plain) VALUES ('kept');

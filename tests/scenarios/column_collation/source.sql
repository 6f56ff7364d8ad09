-- COLLATE of a column (r_CREATE_TABLE_NEW): SHOW TABLE prints it and no relation of the catalog has it, so that it is not carried over.

CREATE SCHEMA shop;
CREATE TABLE shop.collated (a VARCHAR(10) COLLATE CASE_INSENSITIVE, b CHAR(3) COLLATE CASE_SENSITIVE, c VARCHAR(10));

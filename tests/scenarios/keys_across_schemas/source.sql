-- PRIMARY KEY, UNIQUE and FOREIGN KEY (r_CREATE_TABLE_NEW): over several columns, in both directions between two schemas of the tenant, onto
-- the same table, and out of the tenant.

SET enable_case_sensitive_identifier TO true;
CREATE SCHEMA shop;
CREATE SCHEMA depot;
CREATE SCHEMA elsewhere;
CREATE TABLE elsewhere.country (code CHAR(2) NOT NULL PRIMARY KEY);
CREATE TABLE shop.item (id INTEGER NOT NULL, code INTEGER UNIQUE, part_of INTEGER, CONSTRAINT item_id PRIMARY KEY (id),
    CONSTRAINT "Both, in turn" UNIQUE (code, id), CONSTRAINT part FOREIGN KEY (part_of) REFERENCES shop.item (id));
CREATE TABLE depot.shelf (id INTEGER NOT NULL PRIMARY KEY, item INTEGER, item_code INTEGER, country CHAR(2),
    CONSTRAINT item FOREIGN KEY (item_code, item) REFERENCES shop.item (code, id),
    CONSTRAINT out_of_the_tenant FOREIGN KEY (country) REFERENCES elsewhere.country (code));
CREATE TABLE shop.place (shelf INTEGER REFERENCES depot.shelf (id));

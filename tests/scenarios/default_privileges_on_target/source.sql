-- The target's default privileges of the user whom the jobs act for would give more than the source as soon as a table is created.
-- r_ALTER_DEFAULT_PRIVILEGES.

CREATE SCHEMA shop;
CREATE TABLE shop.orders (id INTEGER ENCODE az64) DISTSTYLE EVEN;

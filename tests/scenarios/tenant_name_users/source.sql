-- Users who own and may use nothing, and are the tenant's by their names alone (r_CREATE_USER).

CREATE SCHEMA shop;
CREATE TABLE shop.orders (id INTEGER);
CREATE USER load_norrvik PASSWORD 'Abcdefg1';
CREATE USER norrvik_report PASSWORD 'Abcdefg1';
CREATE USER norr_vik PASSWORD 'Abcdefg1';
CREATE USER vik PASSWORD 'Abcdefg1';

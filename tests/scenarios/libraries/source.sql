-- A library of Python functions (r_CREATE_LIBRARY): the whole database's, and not moved.

CREATE SCHEMA shop;
CREATE TABLE shop.orders (id INTEGER);
CREATE LIBRARY f_urlparse LANGUAGE plpythonu FROM 'https://example.com/urlparse.zip';

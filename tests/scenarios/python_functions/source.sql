-- Python functions, which the source has from before patch 198 and the target no longer creates: they are listed one by one, what needs them
-- is left out with them, and the rest arrives.
-- r_CREATE_FUNCTION, udf-python-language-support; Management Guide, cluster-versions.

CREATE SCHEMA shop;
CREATE SCHEMA elsewhere;
CREATE TABLE shop.orders (id INTEGER ENCODE az64, amount REAL ENCODE raw) DISTSTYLE EVEN;
CREATE FUNCTION shop.greater (a FLOAT, b FLOAT) RETURNS FLOAT STABLE AS $$
  if a > b:
    return a
  return b
$$ LANGUAGE plpythonu;
CREATE FUNCTION shop.greater (a VARCHAR, b VARCHAR) RETURNS VARCHAR IMMUTABLE AS $$ return max(a, b) $$ LANGUAGE plpythonu;
CREATE FUNCTION elsewhere.mine (a FLOAT) RETURNS FLOAT STABLE AS $$ return a $$ LANGUAGE plpythonu;
CREATE VIEW shop.amounts AS SELECT shop.greater(amount, 0) AS amount FROM shop.orders;

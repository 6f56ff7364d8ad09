-- Users with every option, groups with and without members, who hold rights on a schema, a table and a view.
-- r_CREATE_USER, r_ALTER_USER, r_CREATE_GROUP, r_GRANT.

CREATE USER ann PASSWORD 'Abcdefg1' CREATEDB CONNECTION LIMIT 7 SYSLOG ACCESS UNRESTRICTED SESSION TIMEOUT 600;
CREATE USER bob PASSWORD DISABLE VALID UNTIL '2031-02-03 04:05:06';
CREATE USER eve PASSWORD 'Abcdefg1';
ALTER USER bob SET search_path TO shop, public;
CREATE GROUP readers WITH USER ann, bob;
CREATE GROUP nobody_in_it;

CREATE SCHEMA shop AUTHORIZATION ann;
CREATE TABLE shop.orders (
    id INTEGER NOT NULL ENCODE az64 PRIMARY KEY,
    note VARCHAR(20) DEFAULT 'it''s \\ new' ENCODE lzo
)
DISTSTYLE KEY DISTKEY (id) COMPOUND SORTKEY (note, id);
CREATE VIEW shop.notes AS SELECT note FROM shop.orders;
ALTER TABLE shop.orders OWNER TO ann;
ALTER TABLE shop.notes OWNER TO bob;

GRANT USAGE ON SCHEMA shop TO GROUP readers;
GRANT SELECT ON shop.orders TO GROUP readers;
GRANT INSERT ON shop.orders TO bob WITH GRANT OPTION;
GRANT SELECT ON shop.notes TO GROUP nobody_in_it;
GRANT SELECT ON shop.notes TO PUBLIC;
GRANT SELECT ON shop.notes TO eve;

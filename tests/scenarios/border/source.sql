-- What reaches across a tenant's border, each row of README's table: views, keys, a late-binding view and procedures that use what lies in
-- another schema, of which the target has a part; a view and a key outside that use the tenant; a user, a group and a role with one foot
-- outside.
-- r_CREATE_VIEW, r_CREATE_TABLE_NEW, r_CREATE_PROCEDURE, r_CREATE_EXTERNAL_SCHEMA, r_GRANT.

SET enable_case_sensitive_identifier TO true;
CREATE USER keeper PASSWORD DISABLE;
CREATE USER guest PASSWORD DISABLE;
CREATE GROUP elsewhere WITH USER keeper;
CREATE GROUP readers WITH USER guest;
CREATE ROLE clerk;

CREATE SCHEMA outside;
CREATE TABLE outside.country (code CHAR(2) NOT NULL ENCODE lzo PRIMARY KEY) DISTSTYLE EVEN;
CREATE TABLE outside.only_here (id INTEGER NOT NULL ENCODE az64 PRIMARY KEY) DISTSTYLE EVEN;
CREATE FUNCTION outside.twice (INTEGER) RETURNS INTEGER IMMUTABLE AS $$ SELECT $1 * 2 $$ LANGUAGE sql;
CREATE EXTERNAL SCHEMA lake FROM DATA CATALOG DATABASE 'lake' IAM_ROLE default;

-- What the tenant uses of the other side.
CREATE SCHEMA shop AUTHORIZATION keeper;
CREATE TABLE shop.orders (
    id INTEGER NOT NULL ENCODE az64 PRIMARY KEY,
    country CHAR(2) ENCODE lzo,
    part_of INTEGER ENCODE az64,
    CONSTRAINT known FOREIGN KEY (country) REFERENCES outside.country (code),
    CONSTRAINT unknown FOREIGN KEY (part_of) REFERENCES outside.only_here (id)
)
DISTSTYLE EVEN;
CREATE VIEW shop.countries AS SELECT code FROM outside.country;
CREATE VIEW shop.lost AS SELECT id FROM outside.only_here;
CREATE VIEW shop.lost_too AS SELECT id FROM shop.lost;
CREATE MATERIALIZED VIEW shop.lost_rows AS SELECT id FROM outside.only_here;
CREATE VIEW "shop"."late" AS SELECT code FROM outside.country WITH NO SCHEMA BINDING;
CREATE VIEW "shop"."late_and_lost" AS SELECT id FROM outside.only_here WITH NO SCHEMA BINDING;
CREATE VIEW "shop"."in_the_lake" AS SELECT id FROM lake.orders WITH NO SCHEMA BINDING;
CREATE PROCEDURE shop.count_twice () AS $$ BEGIN EXECUTE 'SELECT outside.twice(2)'; END $$ LANGUAGE plpgsql;
CREATE PROCEDURE shop.count_countries (n INOUT INTEGER) AS $$ BEGIN SELECT INTO n COUNT(*) FROM outside.country; END $$ LANGUAGE plpgsql;
ALTER TABLE shop.lost OWNER TO keeper;

-- What the other side uses of the tenant.
CREATE VIEW outside.report AS SELECT id FROM shop.orders;
CREATE TABLE outside.visit (orders INTEGER ENCODE az64, CONSTRAINT visited FOREIGN KEY (orders) REFERENCES shop.orders (id)) DISTSTYLE EVEN;

-- Who belongs to both.
CREATE TABLE outside.of_keeper (id INTEGER ENCODE az64) DISTSTYLE EVEN;
ALTER TABLE outside.of_keeper OWNER TO keeper;
GRANT USAGE ON SCHEMA outside TO keeper, GROUP readers, ROLE clerk;
GRANT SELECT ON outside.country TO GROUP readers, ROLE clerk;
GRANT USAGE ON SCHEMA shop TO GROUP readers, ROLE clerk;
GRANT SELECT ON shop.lost_too TO ROLE clerk;

-- Roles that hold roles: rights come down through two levels, one of Redshift's own roles among them; whoever holds a role that
-- holds rights comes along. A role that a tenant's user holds comes along, too, without the others who hold it.
-- r_GRANT, r_SVV_ROLE_GRANTS, r_SVV_USER_GRANTS.

CREATE USER ann PASSWORD DISABLE;
CREATE USER bob PASSWORD DISABLE;
CREATE USER outsider PASSWORD DISABLE;
CREATE ROLE base;
CREATE ROLE middle;
CREATE ROLE top;
CREATE ROLE shared;
GRANT ROLE base TO ROLE middle;
GRANT ROLE middle TO ROLE top;
GRANT ROLE sys:operator TO ROLE top;
GRANT ROLE top TO ann;
GRANT ROLE middle TO bob;
GRANT ROLE shared TO bob, outsider;

CREATE SCHEMA shop;
CREATE TABLE shop.orders (id INTEGER ENCODE az64) DISTSTYLE EVEN;
GRANT USAGE ON SCHEMA shop TO ROLE base;
GRANT SELECT ON shop.orders TO ROLE base;
GRANT INSERT ON shop.orders TO ROLE top;

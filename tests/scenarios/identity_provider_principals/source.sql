-- Roles and users of an identity provider, and users of IAM: logins make them, so they are named, with every right that waits for
-- them, and not made.
-- r_CREATE_USER, r_CREATE_ROLE (EXTERNALID); Management Guide: generating-user-credentials.

CREATE USER ann PASSWORD DISABLE;
CREATE USER "partner:eve" EXTERNALID "EVE456" PASSWORD DISABLE;
CREATE USER "IAMR:etl" PASSWORD DISABLE;
CREATE ROLE "partner:readers" EXTERNALID "ABC123";
CREATE ROLE reader;
GRANT ROLE reader TO ann, "IAMR:etl";

CREATE SCHEMA shop AUTHORIZATION ann;
CREATE TABLE shop.orders (id INTEGER ENCODE az64) DISTSTYLE EVEN;
GRANT USAGE ON SCHEMA shop TO ROLE reader;
GRANT SELECT ON shop.orders TO ROLE "partner:readers", "partner:eve";

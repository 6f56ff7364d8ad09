-- Rights on the database, which has another name elsewhere, and on a language: those of the tenant's principals. What everybody
-- has on the database is the target's own affair: it is named.
-- r_GRANT, r_SVV_DATABASE_PRIVILEGES, r_SVV_LANUGAGE_PRIVILEGES.

CREATE USER ann PASSWORD DISABLE;
CREATE USER bob PASSWORD DISABLE;
CREATE USER outsider PASSWORD DISABLE;
CREATE GROUP clerks WITH USER bob;
CREATE ROLE builder;
CREATE SCHEMA shop AUTHORIZATION ann;
GRANT USAGE ON SCHEMA shop TO GROUP clerks, ROLE builder;

GRANT CREATE, TEMPORARY, ALTER ON DATABASE dev TO ann WITH GRANT OPTION;
GRANT TEMP ON DATABASE dev TO GROUP clerks;
GRANT CREATE ON DATABASE dev TO ROLE builder, outsider, PUBLIC;
GRANT USAGE ON LANGUAGE plpgsql TO ann WITH GRANT OPTION, ROLE builder;

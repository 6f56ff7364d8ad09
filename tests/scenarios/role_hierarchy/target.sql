-- A role that others hold, too, is there already, with one of these.
CREATE USER outsider PASSWORD DISABLE;
CREATE ROLE shared;
GRANT ROLE shared TO outsider;

-- Who has nothing to do with the tenant is there already, as on the source.
CREATE USER outsider PASSWORD DISABLE;
CREATE ROLE elsewhere;
GRANT ROLE elsewhere TO outsider;

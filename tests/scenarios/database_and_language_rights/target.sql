-- Who has nothing to do with the tenant is there already, as on the source.
CREATE USER outsider PASSWORD DISABLE;
GRANT CREATE ON DATABASE target_wh TO outsider;

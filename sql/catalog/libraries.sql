-- Libraries of Python functions. Apart from other_objects.sql since PG catalogs and SVV views do not mix.
-- Needs: superuser, else other owners' rows are missing.
-- AWS: PG_LIBRARY (leader node).
SELECT name
FROM pg_library
ORDER BY name;

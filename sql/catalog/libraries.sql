-- Libraries of Python functions. They are not moved.
-- Needs: superuser, else other owners' rows are missing. The jobs go on without the answer, and say so.
-- AWS: PG_LIBRARY (leader node).
SELECT name
FROM pg_library
ORDER BY name;

-- Templates of options of COPY, with their schemas. They are not moved: SHOW TEMPLATE prints the statement that creates one.
-- Needs: superuser, else other owners' rows are missing. The jobs go on without the answer, and say so.
-- AWS: SYS_REDSHIFT_TEMPLATE, r_CREATE_TEMPLATE: of all databases; names are padded CHAR(128).
SELECT
    TRIM(database_name) AS in_database,
    TRIM(schema_name) AS place,
    TRIM(template_name) AS name
FROM sys_redshift_template
ORDER BY in_database, place, name;

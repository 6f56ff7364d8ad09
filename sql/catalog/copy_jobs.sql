-- COPY jobs, which load files as they arrive, with their statements as far as the view keeps them: 256 characters. They are not moved.
-- Needs: superuser, else other owners' rows are missing. The jobs go on without the answer, and say so.
-- AWS: SYS_COPY_JOB, which does not tell the database.
SELECT
    '' AS in_database,
    TRIM(job_text) AS place,
    TRIM(job_name) AS name
FROM sys_copy_job
ORDER BY place, name;

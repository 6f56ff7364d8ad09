-- Sessions that are open, with the names that their clients gave them: an earlier start of a job may have left one running.
-- Needs: superuser.
-- AWS: SYS_CONNECTION_LOG, whose page asks for open connections in this way; a process id comes again, so the newest event counts.
SELECT
    session_id,
    RTRIM(application_name) AS application_name
FROM (
    SELECT
        session_id,
        application_name,
        event,
        ROW_NUMBER() OVER (PARTITION BY session_id ORDER BY record_time DESC, event DESC) AS newest
    FROM sys_connection_log
    WHERE event IN ('initiating session', 'disconnecting session')
) AS events
WHERE newest = 1 AND event = 'initiating session'
ORDER BY session_id;

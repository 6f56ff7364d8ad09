-- Sessions that are open, in the order in which they began, with the newest names that their clients gave them: an earlier start of a job may
-- have left one running.
-- Needs: superuser.
-- AWS: SYS_CONNECTION_LOG, whose page asks for open connections by the same two events. A process id comes again, so only what is newer
-- than its newest end counts. The name is on the event 'set application_name' and blank on the others: amazon-redshift-utils,
-- v_connection_summary. The log may be some seconds behind.
SELECT
    session_id,
    RTRIM(application_name) AS application_name
FROM (
    SELECT
        named.session_id,
        named.application_name,
        sessions.began_at,
        ROW_NUMBER() OVER (PARTITION BY named.session_id ORDER BY named.record_time DESC) AS newest
    FROM sys_connection_log AS named
    JOIN (
        SELECT
            session_id,
            MAX(CASE WHEN event = 'initiating session' THEN record_time END) AS began_at,
            MAX(CASE WHEN event = 'disconnecting session' THEN record_time END) AS ended_at
        FROM sys_connection_log
        WHERE event IN ('initiating session', 'disconnecting session')
        GROUP BY session_id
    ) AS sessions ON sessions.session_id = named.session_id
    WHERE named.application_name <> ''
        AND (sessions.ended_at IS NULL OR named.record_time > sessions.ended_at)
        AND (sessions.ended_at IS NULL OR sessions.began_at > sessions.ended_at)
) AS names
WHERE newest = 1
ORDER BY began_at, session_id;

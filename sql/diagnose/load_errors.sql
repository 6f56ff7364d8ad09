-- Where the newest loads failed: code, column, line and file of each error, without the value at fault.
-- Needs: superuser, or the user who loads sees the own rows alone.
-- AWS: SYS_LOAD_ERROR_DETAIL, on both kinds of warehouse; r_Load_Error_Reference for the codes. error_message is left out: it quotes
-- values ("Invalid digit, Value 'a', …").
SELECT
    query_id,
    session_id,
    error_code,
    TRIM(column_name) AS column_name,
    line_number,
    TRIM(file_name) AS file_name
FROM sys_load_error_detail
ORDER BY query_id DESC, line_number
LIMIT 1000;

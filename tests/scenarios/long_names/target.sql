-- As on the source.
ALTER USER admin SET enable_case_sensitive_identifier TO true;

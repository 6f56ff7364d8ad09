-- What an operator does by hand on the target: passwords are not read from the source, and a right on a view of Redshift's own is no
-- tenant's.
-- Parameters builder, password: dbt's user. Follows r_ALTER_USER and r_SVV_TABLE_INFO.
ALTER USER :builder PASSWORD :'password';
GRANT SELECT ON svv_table_info TO :builder;

-- Everybody may read the compatibility views, each of which shows what its reader may see.
GRANT SELECT ON ALL TABLES IN SCHEMA redshift_catalog TO PUBLIC;
REVOKE SELECT ON redshift_catalog.rs_user, redshift_catalog.rs_password, redshift_catalog.rs_role, redshift_catalog.rs_permission,
    redshift_catalog.rs_default_procedure, redshift_catalog.rs_policy, redshift_catalog.rs_attached_policy, redshift_catalog.rs_transfer,
    redshift_catalog.rs_load_error, redshift_catalog.rs_unloaded_file
    FROM PUBLIC;

-- r_SVV_TABLE_INFO: visible to superusers, and to whom it is granted. PG_SHADOW is superusers', as in PostgreSQL 8.0.
REVOKE SELECT ON redshift_catalog.svv_table_info, redshift_catalog.pg_shadow FROM PUBLIC;

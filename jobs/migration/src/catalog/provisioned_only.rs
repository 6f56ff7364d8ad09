//! Redshift's own relations that a workgroup does not have, and what AWS names in their place.

use crate::name::Identifier;

/// How the names of the relations begin that only clusters have (`c_intro_system_views`).
const PREFIXES: [&str; 4] = ["stl_", "stv_", "svcs_", "svl_"];

/// The SVV views that only clusters have, as the page of each says (`r_SVV_DISKUSAGE` and so on).
const VIEWS: [&str; 6] = [
    "svv_query_inflight",
    "svv_query_state",
    "svv_vacuum_progress",
    "svv_vacuum_summary",
    "svv_diskusage",
    "svv_schema_quota_state",
];

/// Whether a relation of Redshift's own has a name of those that a workgroup lacks.
pub fn is_provisioned_only(name: &Identifier) -> bool {
    let name = name.as_str();
    PREFIXES.iter().any(|prefix| name.starts_with(prefix)) || VIEWS.contains(&name)
}

/// The relations of a workgroup that have some or all of its columns: those of `sys_view_migration`, and where that page names
/// none, the view that tells the same on both kinds of warehouse. None for what has no successor.
pub fn in_place_of(name: &Identifier) -> &'static [&'static str] {
    match name.as_str() {
        "stl_ddltext"
        | "stl_error"
        | "stl_query"
        | "stl_utilitytext"
        | "stl_wlm_query"
        | "stv_inflight"
        | "stv_recents"
        | "stv_wlm_query_state"
        | "svl_compile"
        | "svl_multi_statement_violations"
        | "svl_qlog"
        | "svl_query_queue_info"
        | "svl_statementtext"
        | "svl_terminate" => &["sys_query_history"],
        "stl_aggr"
        | "stl_alert_event_log"
        | "stl_bcast"
        | "stl_delete"
        | "stl_dist"
        | "stl_explain"
        | "stl_hash"
        | "stl_hashjoin"
        | "stl_insert"
        | "stl_limit"
        | "stl_merge"
        | "stl_mergejoin"
        | "stl_nestloop"
        | "stl_parse"
        | "stl_plan_info"
        | "stl_project"
        | "stl_query_metrics"
        | "stl_return"
        | "stl_save"
        | "stl_scan"
        | "stl_sort"
        | "stl_stream_segs"
        | "stl_unique"
        | "stl_window"
        | "stv_exec_state"
        | "stv_query_metrics"
        | "svcs_query_summary"
        | "svl_query_metrics"
        | "svl_query_metrics_summary"
        | "svl_query_report"
        | "svl_query_summary"
        | "svv_query_state" => &["sys_query_detail"],
        "svl_restore_alter_table_progress" => &["sys_restore_log"],
        "stv_xrestore_alter_queue_state" => &["sys_restore_state"],
        "stl_commit_stats" | "stl_tr_conflict" | "stl_undone" => &["sys_transaction_history"],
        "stl_querytext" => &["sys_query_text"],
        "stl_connection_log" => &["sys_connection_log"],
        "stl_sessions" | "stl_restarted_sessions" | "stv_sessions" => &["sys_session_history"],
        "stl_load_commits" => &["sys_load_detail", "sys_load_history"],
        "stl_loaderror_detail" | "stl_load_errors" => &["sys_load_error_detail"],
        "stl_unload_log" => &["sys_unload_history", "sys_unload_detail"],
        "stl_replacements" => &["sys_copy_replacements"],
        "svl_datashare_usage_consumer" => &["sys_datashare_usage_consumer"],
        "svl_datashare_usage_producer" => &["sys_datashare_usage_producer"],
        "svl_datashare_cross_region_usage" => &["sys_datashare_cross_region_usage"],
        "svl_datashare_change_log" => &["sys_datashare_change_log"],
        "svl_federated_query" | "svl_s3list" | "svl_s3query" | "svl_s3query_summary" => {
            &["sys_external_query_detail"]
        }
        "svl_spectrum_scan_error" => &["sys_external_query_error"],
        "stl_vacuum" | "svl_vacuum_percentage" | "svv_vacuum_progress" | "svv_vacuum_summary" => {
            &["sys_vacuum_history"]
        }
        "stl_analyze" => &["sys_analyze_history"],
        "stl_analyze_compression" => &["sys_analyze_compression_history"],
        "svl_mv_refresh_status" => &["sys_mv_refresh_history"],
        "stl_mv_state" => &["sys_mv_state"],
        "svl_stored_proc_call" => &["sys_procedure_call"],
        "svl_stored_proc_messages" => &["sys_procedure_messages"],
        "svl_udf_log" => &["sys_udf_log"],
        "stl_userlog" => &["sys_userlog"],
        "stl_schema_quota_violations" => &["sys_schema_quota_violations"],
        "svl_spatial_simplify" => &["sys_spatial_simplify"],
        // r_SVV_SCHEMA_QUOTA_STATE, r_SVL_USER_INFO and r_STV_MV_INFO beside the pages of these.
        "svv_schema_quota_state" => &["svv_redshift_schema_quota"],
        "svl_user_info" => &["svv_user_info"],
        "stv_mv_info" => &["svv_mv_info"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_clusters_have_is_known_by_its_name() {
        let of = |name: &str| {
            let name = Identifier::new(name).unwrap();
            (is_provisioned_only(&name), in_place_of(&name))
        };
        assert_eq!(of("stl_load_errors"), (true, ["sys_load_error_detail"].as_slice()));
        assert_eq!(of("stl_load_commits"), (true, ["sys_load_detail", "sys_load_history"].as_slice()));
        assert_eq!(of("svv_vacuum_summary"), (true, ["sys_vacuum_history"].as_slice()));
        assert_eq!(of("stv_blocklist"), (true, [""; 0].as_slice()));
        for both in ["svv_table_info", "sys_query_history", "pg_class", "stl", "my_stl_query"] {
            assert_eq!(of(both), (false, [""; 0].as_slice()), "{both}");
        }
    }
}

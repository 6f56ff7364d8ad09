//! Arguments of AWS Glue's own that reach a job beside ours. They are accepted and ignored.
//!
//! Source: AWS Glue Developer Guide, page `aws-glue-programming-etl-glue-arguments` (job parameters), and the
//! reserved names in AWS's `awsglue` Python library. A name missing here makes a run fail that Glue itself
//! would accept; a name too many only lets a typing error pass, so the list is generous with Glue's names and
//! holds no others.

/// Whether one of Glue's arguments comes with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GlueValue {
    /// With or without: a switch such as `--enable-metrics` needs only its key, yet the console sends one.
    Optional,
    /// Always, and the value itself may begin with a dash, as options for pip do.
    Dashed,
}

/// Names without the leading `--`, sorted.
pub(crate) static GLUE_ARGUMENTS: [(&str, GlueValue); 50] = {
    use GlueValue::{Dashed, Optional};
    [
        ("JOB_ID", Optional),
        ("JOB_NAME", Optional),
        ("JOB_RUN_ID", Optional),
        ("RedshiftTempDir", Optional),
        ("SECURITY_CONFIGURATION", Optional),
        ("TempDir", Optional),
        ("WORKFLOW_NAME", Optional),
        ("WORKFLOW_RUN_ID", Optional),
        ("additional-python-modules", Optional),
        ("auto-scale-within-microbatch", Optional),
        ("class", Optional),
        ("conf", Dashed),
        ("continuation-option", Optional),
        ("continuous-log-conversionPattern", Optional),
        ("continuous-log-logGroup", Optional),
        ("continuous-log-logStreamPrefix", Optional),
        ("customer-driver-env-vars", Optional),
        ("customer-executor-env-vars", Optional),
        ("datalake-formats", Optional),
        ("debug", Optional),
        ("disable-proxy-v2", Optional),
        ("enable-auto-scaling", Optional),
        ("enable-continuous-cloudwatch-log", Optional),
        ("enable-continuous-log-filter", Optional),
        ("enable-glue-datacatalog", Optional),
        ("enable-job-insights", Optional),
        ("enable-lakeformation-fine-grained-access", Optional),
        ("enable-metrics", Optional),
        ("enable-observability-metrics", Optional),
        ("enable-rename-algorithm-v2", Optional),
        ("enable-s3-parquet-optimized-committer", Optional),
        ("enable-spark-ui", Optional),
        ("encryption-type", Optional),
        ("executor-cores", Optional),
        ("extra-files", Optional),
        ("extra-jars", Optional),
        ("extra-py-files", Optional),
        ("job-bookmark-from", Optional),
        ("job-bookmark-option", Optional),
        ("job-bookmark-to", Optional),
        ("job-language", Optional),
        ("library-set", Optional),
        ("mode", Optional),
        ("python-modules-installer-option", Dashed),
        ("scriptLocation", Optional),
        ("spark-event-logs-path", Optional),
        ("use-postgres-driver", Optional),
        ("user-jars-first", Optional),
        ("write-shuffle-files-to-s3", Optional),
        ("write-shuffle-spills-to-s3", Optional),
    ]
};

#[cfg(test)]
mod tests {
    use super::GLUE_ARGUMENTS;
    use crate::ARGUMENTS;

    #[test]
    fn names_are_sorted_and_none_is_ours() {
        assert!(GLUE_ARGUMENTS.is_sorted_by(|left, right| left.0 < right.0));
        for (name, _) in GLUE_ARGUMENTS {
            assert!(ARGUMENTS.iter().all(|ours| ours.name != name), "--{name} is in both tables");
        }
    }
}

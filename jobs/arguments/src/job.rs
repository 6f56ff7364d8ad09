//! The jobs there are. What each of them does is in its own binary.

/// A job: one Glue job, one executable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// Creates users, groups, schemas, tables, routines, views and grants on the target.
    MigrateSchema,
    /// Moves the rows of tables.
    MigrateData,
    /// Creates and fills materialized views, and what stands on them.
    RefreshViews,
    /// Reads the ledger of a run: report, retry list, verdict.
    CollectReport,
}

impl Job {
    /// Every job, in the order in which a migration runs them.
    pub const ALL: [Job; 4] = [Job::MigrateSchema, Job::MigrateData, Job::RefreshViews, Job::CollectReport];

    /// Those that work with both warehouses.
    pub const WITH_WAREHOUSES: [Job; 3] = [Job::MigrateSchema, Job::MigrateData, Job::RefreshViews];

    /// The name of the job's executable.
    pub const fn name(self) -> &'static str {
        match self {
            Job::MigrateSchema => "migrate-schema",
            Job::MigrateData => "migrate-data",
            Job::RefreshViews => "refresh-views",
            Job::CollectReport => "collect-report",
        }
    }

    /// What the job does, in one sentence: the first line of its `--help`.
    pub const fn about(self) -> &'static str {
        match self {
            Job::MigrateSchema => {
                "Create a tenant's users, groups, schemas, tables, routines, views and grants on the target Redshift"
            }
            Job::MigrateData => {
                "Move the rows of tables from the source to the target Redshift, by UNLOAD and COPY"
            }
            Job::RefreshViews => {
                "Create and fill a tenant's materialized views on the target Redshift, after the data has moved"
            }
            Job::CollectReport => {
                "Tell what became of a run: its report, its verdict, and what to move again"
            }
        }
    }
}

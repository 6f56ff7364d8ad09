//! One table's way: UNLOAD, the manifest, COPY with its checks, the clean-up.

use aws::ObjectStore;
use job::{JobError, Run, Warehouses};
use migration::catalog::Table;
use migration::name::{Identifier, QualifiedName};
use migration::outcome::{ErrorKind, Failure, Status, TableOutcome, TableStage};
use migration::statement::{Copy, Unload};
use migration::transfer::{Manifest, NullMarker};
use redshift::copy_table::copy_table;
use redshift::unload_table::unload_table;
use std::time::Instant;

/// Why a table did not arrive.
pub enum MoveError {
    /// The table's own failure: another table may still move.
    Table(Failure),
    /// A warehouse or AWS is out of reach.
    Job(JobError),
}

impl From<JobError> for MoveError {
    fn from(error: JobError) -> Self {
        Self::Job(error)
    }
}

/// Moves a table and notes each stage in `outcome`, as far as it comes.
pub async fn move_table(
    run: &Run,
    arguments: &arguments::Common,
    warehouses: &mut Warehouses,
    (name, table): (&QualifiedName, &Table),
    outcome: &mut TableOutcome,
) -> Result<(), MoveError> {
    // An UNLOAD goes on when the job that sent it is dead: each attempt has a folder of its own.
    let attempt = format!("{:016x}", rand::random::<u64>());
    let folder = run.keys.unload(&name.schema, &name.name, &attempt);
    let columns: Vec<Identifier> = table.columns.iter().map(|column| column.name.clone()).collect();
    let super_columns: Vec<Identifier> = table
        .columns
        .iter()
        .filter(|column| column.is_nullable_super())
        .map(|column| column.name.clone())
        .collect();
    let marker = NullMarker::from_bits(rand::random());

    let started = Instant::now();
    let unload = Unload {
        table: name,
        columns: &columns,
        prefix_url: &arguments.bucket.uri(&folder),
        iam_role: arguments.iam_role.as_str(),
        null_marker: &marker,
    };
    let unloaded = match unload_table(&mut warehouses.source, &unload).await {
        Ok(()) => read_manifest(run, &folder).await,
        Err(error) if error.ends_session() => Err(JobError::lost("source", &error).into()),
        Err(error) => Err(MoveError::Table(Failure {
            kind: error.kind,
            message: format!("unloading {}: {error}", name.plain()),
            remedy: "look at sys_unload_history on the source, and start the job again for this table".into(),
        })),
    };
    let loaded = match unloaded {
        Ok(manifest) => {
            outcome.seconds.unload = Some(started.elapsed().as_secs_f64());
            outcome.stage = TableStage::Unloaded;
            outcome.rows.unloaded = Some(manifest.rows);
            outcome.files = Some(manifest.files);
            outcome.bytes = Some(manifest.bytes);
            let copy = Copy {
                table: name,
                columns: &columns,
                manifest_url: &arguments.bucket.uri(&format!("{folder}manifest")),
                iam_role: arguments.iam_role.as_str(),
                null_marker: &marker,
                explicit_ids: table.identity().is_some_and(|(_, identity)| !identity.by_default),
                super_columns: &super_columns,
            };
            load(warehouses, &copy, manifest.rows, outcome).await
        }
        Err(error) => Err(error),
    };
    // What was unloaded is the tenant's data: it does not stay, whatever became of it.
    if let Err(error) = run.ledger.objects().delete_prefix(&folder).await {
        log::warn!("what was unloaded stays in S3 below {folder}: {error}");
    }
    loaded
}

async fn read_manifest(run: &Run, folder: &str) -> Result<Manifest, MoveError> {
    let key = format!("{folder}manifest");
    let failure = |message: String| {
        MoveError::Table(Failure {
            kind: ErrorKind::Data,
            message,
            remedy: "start the job again for this table".into(),
        })
    };
    let content = run.ledger.objects().get(&key).await.map_err(JobError::from)?;
    let content = content.ok_or_else(|| failure(format!("UNLOAD wrote no manifest at {key}")))?;
    Manifest::parse(&content).map_err(|error| failure(error.to_string()))
}

async fn load(
    warehouses: &mut Warehouses,
    copy: &Copy<'_>,
    unloaded: u64,
    outcome: &mut TableOutcome,
) -> Result<(), MoveError> {
    let started = Instant::now();
    match copy_table(&mut warehouses.target, copy, unloaded).await {
        Ok(rows) => {
            outcome.seconds.copy = Some(started.elapsed().as_secs_f64());
            outcome.rows = rows;
            // The count was checked before the commit, in its transaction.
            outcome.stage = TableStage::Verified;
            outcome.status = Status::Finished;
            Ok(())
        }
        Err(error) => match error.lost_connection() {
            Some(lost) => Err(JobError::lost("target", lost).into()),
            None => Err(MoveError::Table(Failure {
                kind: error.kind(),
                message: format!("loading {}: {error}; its old rows are still there", copy.table.plain()),
                remedy: load_remedy(error.kind()).into(),
            })),
        },
    }
}

fn load_remedy(kind: ErrorKind) -> &'static str {
    if kind == ErrorKind::NotFound {
        "run migrate-schema first, then start the job again for this table"
    } else {
        "look at sys_load_error_detail on the target, and start the job again for this table"
    }
}

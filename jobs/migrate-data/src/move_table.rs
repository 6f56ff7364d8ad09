//! One table's way: UNLOAD, the manifest, COPY with its checks, the clean-up.

use aws::ObjectStore;
use job::{JobError, Run, Warehouses};
use migration::catalog::Table;
use migration::name::QualifiedName;
use migration::outcome::{ErrorKind, Failure, Status, TableOutcome, TableStage};
use migration::statement::Unload;
use migration::transfer::{Format, Manifest, NotCarried, NullMarker};
use migration::verify::Verify;
use redshift::copy_table::{Load, copy_table};
use redshift::measure::MeasureError;
use redshift::tidy_table::tidy_table;
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
    let marker = NullMarker::from_bits(rand::random());
    // COPY of Parquet needs a bucket in the target's Region: until the job knows where that is, CSV.
    let format = Format::choose(name, table, marker, false).map_err(|refused| {
        MoveError::Table(Failure {
            kind: ErrorKind::Unsupported,
            message: refused.to_string(),
            remedy: NotCarried::REMEDY.into(),
        })
    })?;
    let prefix_url = arguments.bucket.uri(&folder);

    let started = Instant::now();
    let unload = Unload {
        table: name,
        columns: &table.columns,
        format: &format,
        prefix_url: &prefix_url,
        iam_role: arguments.iam_role.as_str(),
        kms_key: None,
        region: None,
        max_file_size: None,
    };
    let unloaded = match unload_table(&mut warehouses.source, &unload, Verify::Count).await {
        Ok(_) => read_manifest(run, &folder, &prefix_url).await,
        Err(MeasureError::Sql(error)) if error.ends_session() => Err(JobError::lost("source", &error).into()),
        Err(error) => Err(MoveError::Table(Failure {
            kind: error.kind(),
            message: format!("unloading {}: {error}", name.plain()),
            remedy: "look at sys_unload_history on the source, and start the job again for this table".into(),
        })),
    };
    let loaded = match unloaded {
        Ok(manifest) => {
            outcome.seconds.unload = Some(started.elapsed().as_secs_f64());
            outcome.stage = TableStage::Unloaded;
            outcome.rows.unloaded = Some(manifest.rows);
            outcome.files = Some(manifest.files.len() as u64);
            outcome.bytes = Some(manifest.bytes);
            let load = Load {
                table: name,
                columns: &table.columns,
                format: &format,
                manifest_url: &format!("{prefix_url}manifest"),
                iam_role: arguments.iam_role.as_str(),
                region: None,
                unloaded: manifest.rows,
                verify: Verify::Count,
                fingerprint: None,
            };
            load_table(warehouses, &load, outcome).await
        }
        Err(error) => Err(error),
    };
    // What was unloaded is the tenant's data: it does not stay, whatever became of it.
    if let Err(error) = run.ledger.objects().delete_prefix(&folder).await {
        log::warn!("what was unloaded stays in S3 below {folder}: {error}");
    }
    loaded
}

async fn read_manifest(run: &Run, folder: &str, prefix_url: &str) -> Result<Manifest, MoveError> {
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
    Manifest::parse(&content, prefix_url).map_err(|error| failure(error.to_string()))
}

async fn load_table(
    warehouses: &mut Warehouses,
    load: &Load<'_>,
    outcome: &mut TableOutcome,
) -> Result<(), MoveError> {
    let started = Instant::now();
    let table = load.table.plain();
    let rows = match copy_table(&mut warehouses.target, load).await {
        Ok(rows) => rows,
        Err(error) => {
            return Err(match error.lost_connection() {
                Some(lost) => JobError::lost("target", lost).into(),
                None => MoveError::Table(Failure {
                    kind: error.kind(),
                    message: format!("loading {table}: {error}; its old rows are still there"),
                    remedy: error.remedy().into(),
                }),
            });
        }
    };
    outcome.seconds.copy = Some(started.elapsed().as_secs_f64());
    let replaced = rows.replaced.is_some_and(|replaced| replaced > 0);
    outcome.rows = rows;
    // The count was checked before the commit, in its transaction.
    outcome.stage = TableStage::Verified;
    outcome.status = Status::Finished;
    if replaced && let Err(error) = tidy_table(&mut warehouses.target, load.table).await {
        log::warn!("{table}: the rows are there, VACUUM failed: {error}");
    }
    Ok(())
}

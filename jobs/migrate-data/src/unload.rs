//! The first half of a table's way: UNLOAD into a folder of its own, and the manifest of what it wrote.

use crate::lane::Lane;
use crate::moving::{MoveError, Moving};
use crate::old_rows::LedgerRows;
use crate::pipeline::Work;
use arguments::KmsKeyArn;
use aws::ObjectStore;
use job::{JobError, Run, Tries};
use migration::digest::sha256;
use migration::name::QualifiedName;
use migration::outcome::{ErrorKind, Failure, Status, TableOutcome, TableStage, Unloaded};
use migration::statement::Unload;
use migration::transfer::{Format, Manifest, NextStep, NotCarried, NullMarker, max_file_size, next_step};
use redshift::measure::MeasureError;
use redshift::unload_table::unload_table;
use std::time::Instant;

/// Whether a table must still be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unloading {
    /// This run has moved it before.
    Done,
    /// What is to be loaded lies in S3.
    ToLoad,
}

/// Brings a table to where it can be loaded, from where an earlier start of the run left it. `anew` forgets that start.
pub async fn unload(
    work: &Work<'_>,
    lane: &mut Lane,
    moving: &mut Moving,
    anew: bool,
) -> Result<Unloading, MoveError> {
    let run = work.run;
    let earlier = if anew { None } else { earlier(run, moving.name()).await? };
    let folders = run.keys.unloads(&moving.name().schema, &moving.name().name);
    match next_step(earlier, &moving.column_names(), work.arguments.verify) {
        NextStep::Nothing(earlier) => {
            moving.outcome = *earlier;
            if !work.arguments.keep_unloaded {
                remove(work, &folders).await;
            }
            return Ok(Unloading::Done);
        }
        NextStep::Load(earlier, unloaded) => {
            let rows = LedgerRows::of(work, moving.name());
            // What another run has loaded since is newer than these files.
            let is_newest = match earlier.written {
                Some(written) => !rows.were_loaded_since(written).await?,
                None => true,
            };
            if is_newest && still_there(work, &unloaded).await? {
                moving.outcome = *earlier;
                log::info!("{}: goes on with what was unloaded before", moving.name().plain());
                return Ok(Unloading::ToLoad);
            }
        }
        NextStep::Unload => {}
    }
    // What an attempt left that was killed: its session is gone by now, so nothing comes after this.
    run.ledger.objects().delete_prefix(&folders).await?;
    let mut tries = Tries::of(work.arguments.common.attempts);
    loop {
        let attempt = format!("{:016x}", rand::random::<u64>());
        let folder = run.keys.unload(&moving.name().schema, &moving.name().name, &attempt);
        let error = match unload_into(work, lane, moving, &folder).await {
            Ok(()) => {
                moving.note(run).await?;
                return Ok(Unloading::ToLoad);
            }
            Err(error) => error,
        };
        remove(work, &folder).await;
        // In one transaction for all tables nothing can be tried again: the first refusal ends it.
        if work.arguments.consistent {
            return Err(error);
        }
        match error {
            MoveError::Table(failure) if tries.another(failure.kind, &failure.message).await => {}
            MoveError::Job(error) if tries.another(error.kind, &error).await => lane.reopen().await?,
            error => return Err(error),
        }
    }
}

/// What the ledger tells of a table from an earlier start of the run.
pub async fn earlier(run: &Run, table: &QualifiedName) -> Result<Option<TableOutcome>, JobError> {
    Ok(run.ledger.get(&run.keys.table(&table.schema, &table.name)).await?)
}

async fn unload_into(
    work: &Work<'_>,
    lane: &mut Lane,
    moving: &mut Moving,
    folder: &str,
) -> Result<(), MoveError> {
    let started = Instant::now();
    let Work { arguments, places, .. } = work;
    let format = format_of(work, moving)?;
    let prefix_url = arguments.common.run.bucket.uri(folder);
    let unload = Unload {
        table: moving.name(),
        columns: &moving.table.columns,
        format: &format,
        prefix_url: &prefix_url,
        iam_role: arguments.common.iam_role.as_str(),
        kms_key: arguments.kms_key.as_ref().map(KmsKeyArn::as_str),
        region: places.region_for_source(),
        max_file_size: max_file_size(Some(moving.megabytes), places.slices, &format),
    };
    let fingerprint = match unload_table(lane.connection().await?, &unload, arguments.verify).await {
        Ok(fingerprint) => fingerprint,
        Err(MeasureError::Sql(error)) if error.ends_session() => {
            return Err(JobError::lost("source", &error).into());
        }
        Err(error) => {
            return Err(MoveError::Table(Failure {
                kind: error.kind(),
                message: format!("unloading {}: {error}", moving.name().plain()),
                remedy: "look at sys_unload_history on the source, and start the job again for this table"
                    .into(),
            }));
        }
    };
    let content = work.run.ledger.objects().get(&manifest_key(folder)).await?;
    let failure = |message: String| {
        MoveError::Table(Failure {
            kind: ErrorKind::Data,
            message: format!("unloading {}: {message}", moving.name().plain()),
            remedy: "start the job again for this table".into(),
        })
    };
    let content = content.ok_or_else(|| failure(format!("UNLOAD wrote no manifest in {folder}")))?;
    let manifest = Manifest::parse(&content, &prefix_url).map_err(|error| failure(error.to_string()))?;
    moving.outcome.unloaded = Some(Unloaded {
        folder: folder.to_owned(),
        manifest_sha256: sha256(&content),
        format,
        columns: moving.column_names(),
        fingerprint,
    });
    moving.outcome.status = Status::Running;
    moving.outcome.consistent = work.arguments.consistent;
    moving.outcome.stage = TableStage::Unloaded;
    moving.outcome.seconds.unload = Some(started.elapsed().as_secs_f64());
    moving.outcome.rows.unloaded = Some(manifest.rows);
    moving.outcome.files = Some(manifest.files.len() as u64);
    moving.outcome.bytes = Some(manifest.bytes);
    Ok(())
}

fn format_of(work: &Work<'_>, moving: &Moving) -> Result<Format, MoveError> {
    let marker = NullMarker::from_bits(rand::random());
    let chosen = Format::choose(moving.name(), &moving.table, marker, work.places.all_in_one_region());
    chosen.map_err(|refused| {
        MoveError::Table(Failure {
            kind: ErrorKind::Unsupported,
            message: refused.to_string(),
            remedy: NotCarried::REMEDY.into(),
        })
    })
}

/// Whether the manifest of an earlier attempt is still the same, and its files are.
async fn still_there(work: &Work<'_>, unloaded: &Unloaded) -> Result<bool, MoveError> {
    let (objects, bucket) = (work.run.ledger.objects(), &work.arguments.common.run.bucket);
    let content = objects.get(&manifest_key(&unloaded.folder)).await?;
    let Some(content) = content.filter(|content| sha256(content) == unloaded.manifest_sha256) else {
        return Ok(false);
    };
    let listed = objects.list(&unloaded.folder).await?.into_iter();
    let listed = listed.map(|object| (bucket.uri(&object.key), object.bytes)).collect();
    let manifest = Manifest::parse(&content, &bucket.uri(&unloaded.folder));
    Ok(manifest.and_then(|manifest| manifest.check_files(&listed)).is_ok())
}

/// Removes what was unloaded: the tenant's data does not stay. That it stays does not undo what was done.
pub async fn remove(work: &Work<'_>, folder: &str) {
    if let Err(error) = work.run.ledger.objects().delete_prefix(folder).await {
        log::warn!("what was unloaded stays in S3 below {folder}: {error}");
    }
}

fn manifest_key(folder: &str) -> String {
    format!("{folder}manifest")
}

//! The first half of a table's way: UNLOAD into a folder of its own, and the manifest of what it wrote.

use crate::lane::Lane;
use crate::ledger::earlier;
use crate::moving::{MoveError, Moving};
use crate::old_rows::LedgerRows;
use crate::table_move::Work;
use arguments::KmsKeyArn;
use aws::ObjectStore;
use job::{Effects, JobError, Tries};
use migration::digest::sha256;
use migration::name::Identifier;
use migration::outcome::{ErrorKind, Failure, TableOutcome, Unloaded};
use migration::statement::Unload;
use migration::transfer::{
    BeyondParquet, Format, Manifest, MarkedValue, NextStep, NotCarried, NullMarker, marked, max_file_size,
    next_step,
};
use migration::words::number_of;
use redshift::measure::MeasureError;
use redshift::unload_table::{UnloadedRows, unload_table};
use tokio::time::Instant;

/// Where a table is before its load.
#[derive(Debug)]
pub enum Unloading {
    /// This run has moved it before.
    Done(Box<TableOutcome>),
    /// An earlier start of the run has unloaded it.
    Before(Box<TableOutcome>),
    /// It was unloaded now.
    Now(Files),
}

/// What an UNLOAD has written.
#[derive(Debug)]
pub struct Files {
    /// What a load must know of it.
    pub unloaded: Unloaded,
    /// Rows in all files.
    pub rows: u64,
    /// Data files.
    pub number: u64,
    /// Their bytes, compressed.
    pub bytes: u64,
    /// How long it took.
    pub seconds: f64,
}

/// Brings a table to where it can be loaded, from where an earlier start of the run left it, unless that is forgotten.
pub async fn unload<E: Effects>(
    work: &Work<'_, E>,
    lane: &mut Lane<E>,
    moving: &Moving,
) -> Result<Unloading, MoveError> {
    let run = work.run;
    let earlier = if work.forgets_earlier { None } else { earlier(run, &moving.name).await? };
    let folders = run.keys.unloads(&moving.name.schema, &moving.name.name);
    match next_step(earlier, &moving.column_names(), work.arguments.verify) {
        NextStep::Nothing(earlier) => {
            if !work.arguments.keep_unloaded {
                remove(work, &folders).await;
            }
            return Ok(Unloading::Done(earlier));
        }
        NextStep::Load(earlier, unloaded) => {
            let rows = LedgerRows::of(work, &moving.name);
            // What another run has loaded since is newer than these files.
            let is_newest = match earlier.written {
                Some(written) => !rows.were_loaded_since(written).await?,
                None => true,
            };
            if is_newest && still_there(work, &unloaded).await? {
                log::info!("{}: goes on with what was unloaded before", moving.name.plain());
                return Ok(Unloading::Before(earlier));
            }
        }
        NextStep::Unload => {}
    }
    // What an attempt left that was killed: its session is gone by now, so nothing comes after this.
    run.ledger.objects().delete_prefix(&folders).await?;
    let mut tries = Tries::of(work.arguments.common.attempts, work.run.effects.random());
    loop {
        let attempt = format!("{:016x}", u64::from_be_bytes(run.effects.random()));
        let folder = run.keys.unload(&moving.name.schema, &moving.name.name, &attempt);
        let error = match unload_into(work, lane, moving, &folder).await {
            Ok(files) => return Ok(Unloading::Now(files)),
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

async fn unload_into<E: Effects>(
    work: &Work<'_, E>,
    lane: &mut Lane<E>,
    moving: &Moving,
    folder: &str,
) -> Result<Files, MoveError> {
    let started = Instant::now();
    let Work { arguments, places, .. } = work;
    let format = format_of(work, moving)?;
    let prefix_url = arguments.common.run.bucket.uri(folder);
    let unload = Unload {
        table: &moving.name,
        columns: &moving.table.columns,
        format: &format,
        prefix_url: &prefix_url,
        iam_role: arguments.common.iam_role.as_str(),
        kms_key: arguments.common.run.kms_key.as_ref().map(KmsKeyArn::as_str),
        region: places.region_for_source(),
        max_file_size: max_file_size(Some(moving.megabytes), places.slices, &format),
    };
    let UnloadedRows { rows, marked, fingerprint } =
        match unload_table(lane.connection().await?, &unload, arguments.verify).await {
            Ok(unloaded) => unloaded,
            Err(MeasureError::Sql(error)) if error.ends_session() => {
                return Err(JobError::lost("source", &error).into());
            }
            Err(error) => return Err(MoveError::Table(refused(moving, &format, &error))),
        };
    let failure = |message: String| {
        MoveError::Table(Failure {
            kind: ErrorKind::Data,
            message: format!("unloading {}: {message}", moving.name.plain()),
            remedy: "start the job again for this table".into(),
        })
    };
    if let Some(column) = not_marked(moving, &format, &marked) {
        return Err(MoveError::Table(not_carried(moving, column)));
    }
    let content = work.run.ledger.objects().get(&manifest_key(folder)).await?;
    let parsed = content.as_ref().map(|content| Manifest::parse(content, &prefix_url));
    let manifest = match parsed {
        Some(Ok(manifest)) => manifest,
        // What UNLOAD leaves of a table without rows no page says.
        None | Some(Err(_)) if rows == 0 => Manifest::default(),
        Some(Err(error)) => return Err(failure(error.to_string())),
        None => {
            let counted = number_of(rows, "row");
            return Err(failure(format!("UNLOAD wrote {counted} and no manifest in {folder}")));
        }
    };
    // PG_LAST_UNLOAD_COUNT is 0, too, where nothing was unloaded (`PG_LAST_UNLOAD_COUNT`).
    if manifest.rows != rows {
        let (counted, told) = (number_of(rows, "row"), manifest.rows);
        return Err(failure(format!("UNLOAD wrote {counted}, and its manifest tells of {told}")));
    }
    let manifest_sha256 = content.filter(|_| rows > 0).map(|content| sha256(&content));
    let (number, bytes) = (manifest.files.len() as u64, manifest.bytes);
    let unloaded = Unloaded {
        folder: folder.to_owned(),
        manifest_sha256,
        format,
        columns: moving.column_names(),
        marked: Some(marked),
        fingerprint,
    };
    Ok(Files { unloaded, rows, number, bytes, seconds: started.elapsed().as_secs_f64() })
}

/// The first column with values that no marker fits into.
fn not_marked<'a>(moving: &'a Moving, format: &Format, counts: &[u64]) -> Option<&'a Identifier> {
    let marked = marked(&moving.table.columns, format).into_iter().zip(counts);
    let mut short =
        marked.filter(|(marked, count)| marked.value == MarkedValue::EmptyShortVarbyte && **count > 0);
    short.next().map(|(marked, _)| marked.column)
}

fn not_carried(moving: &Moving, column: &Identifier) -> Failure {
    Failure {
        kind: ErrorKind::Unsupported,
        message: format!(
            "unloading {}: column {} holds values without bytes, which COPY would load as NULL, and is too short for a marker in \
             their place",
            moving.name.plain(),
            column.as_str()
        ),
        remedy: "make these values NULL on the source, or give the table there a VARBYTE column of 18 bytes or more in place of \
                 this one, then start the job again for it"
            .into(),
    }
}

/// An UNLOAD that was refused, with the columns that may be the cause where its code tells.
fn refused(moving: &Moving, format: &Format, error: &MeasureError) -> Failure {
    let sqlstate = match error {
        MeasureError::Sql(error) => error.sqlstate.as_deref(),
        MeasureError::Decode(_) => None,
    };
    let beyond = sqlstate.and_then(|code| BeyondParquet::of(code, format, &moving.table.columns));
    let message = format!("unloading {}: {error}", moving.name.plain());
    let (message, remedy) = match beyond {
        Some(beyond) => (format!("{message}: {beyond}"), BeyondParquet::REMEDY),
        None => (message, "look at sys_unload_history on the source, and start the job again for this table"),
    };
    Failure { kind: error.kind(), message, remedy: remedy.into() }
}

fn format_of<E: Effects>(work: &Work<'_, E>, moving: &Moving) -> Result<Format, MoveError> {
    let marker = NullMarker::from_bits(u128::from_be_bytes(work.run.effects.random()));
    let chosen = Format::choose(&moving.name, &moving.table, marker, work.places.all_in_one_region());
    chosen.map_err(|refused| {
        MoveError::Table(Failure {
            kind: ErrorKind::Unsupported,
            message: refused.to_string(),
            remedy: NotCarried::REMEDY.into(),
        })
    })
}

/// Whether the manifest of an earlier attempt is still the same, and its files are.
async fn still_there<E: Effects>(work: &Work<'_, E>, unloaded: &Unloaded) -> Result<bool, MoveError> {
    let Some(manifest_sha256) = &unloaded.manifest_sha256 else {
        return Ok(true); // There were no rows.
    };
    let (objects, bucket) = (work.run.ledger.objects(), &work.arguments.common.run.bucket);
    let content = objects.get(&manifest_key(&unloaded.folder)).await?;
    let Some(content) = content.filter(|content| sha256(content) == *manifest_sha256) else {
        return Ok(false);
    };
    let listed = objects.list(&unloaded.folder).await?.into_iter();
    let listed = listed.map(|object| (bucket.uri(&object.key), object.bytes)).collect();
    let manifest = Manifest::parse(&content, &bucket.uri(&unloaded.folder));
    Ok(manifest.and_then(|manifest| manifest.check_files(&listed)).is_ok())
}

/// Removes what was unloaded: the tenant's data does not stay. That it stays does not undo what was done.
pub async fn remove<E: Effects>(work: &Work<'_, E>, folder: &str) {
    if let Err(error) = work.run.ledger.objects().delete_prefix(folder).await {
        log::warn!("what was unloaded stays in S3 below {folder}: {error}");
    }
}

fn manifest_key(folder: &str) -> String {
    format!("{folder}manifest")
}

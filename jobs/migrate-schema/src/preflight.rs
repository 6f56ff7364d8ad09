//! `--PREFLIGHT`: tries, from where the jobs run, what a migration leans on, and says what to put right first. It changes nothing but
//! objects of its own below `runs/.preflight/` and `unload/.preflight/`, which it removes.

use arguments::{MigrateSchema, SecretArn};
use aws::iam_role::is_usable;
use aws::{ObjectStore, Warehouse, WarehouseSecret, read_warehouse_secret};
use job::{Connection, Effects, JobError, Run, Side, Verdict};
use migration::outcome::ErrorKind;
use migration::statement::{Probe, copy_probe, create_probe, last_copy, unload_probe};
use redshift::session::{Batch, DecodeError, Session, SqlError};

/// What was found, in the order in which it was tried.
#[derive(Default)]
struct Findings {
    held: usize,
    untried: usize,
    failed: Vec<String>,
}

impl Findings {
    /// Prints what became of something, and gives what it came to.
    fn found<T>(&mut self, tried: &str, result: Result<T, JobError>) -> Option<T> {
        match result {
            Ok(value) => {
                self.held += 1;
                log::info!("preflight holds: {tried}");
                Some(value)
            }
            Err(error) => {
                log::error!("preflight FAILS: {tried}: {error}");
                self.failed.push(format!("{tried}: {error}"));
                None
            }
        }
    }

    /// Prints that something cannot be tried before something else is put right.
    fn untried(&mut self, tried: &str, before: &str) {
        self.untried += 1;
        log::warn!("preflight not tried: {tried}: {before}");
    }

    fn verdict(self) -> Verdict {
        let Self { held, untried, failed } = self;
        match failed.first() {
            None if untried == 0 => {
                log::info!("preflight: all {held} hold");
                Verdict::Finished
            }
            first => {
                let first = first.map_or("attach the IAM role", String::as_str);
                Verdict::Failed(format!(
                    "preflight: {held} hold, {} fail, {untried} were not tried; put this right first, and start it again: {first}",
                    failed.len()
                ))
            }
        }
    }
}

/// A warehouse that answers.
struct Reached<E: Effects> {
    connection: Connection<E>,
    /// Whether it may use the IAM role.
    has_role: bool,
    /// The bucket's Region, where the warehouse is in another one.
    region: Option<String>,
}

/// Tries everything, one after another: what comes first is what the next needs.
pub async fn preflight<E: Effects>(run: &Run<E>, arguments: &MigrateSchema) -> Verdict {
    let common = &arguments.common;
    let mut findings = Findings::default();
    let documents =
        format!("documents of {} are written, read, listed and removed", common.run.bucket.uri("runs/"));
    findings.found(&documents, try_documents(run).await);
    let source = reach(run, arguments, Side::Source, &mut findings).await;
    let target = reach(run, arguments, Side::Target, &mut findings).await;
    let way = "the tenant may go from this source to this target";
    if let (Some(source), Some(target)) = (&source, &target) {
        let checked = run.check_direction(common, source.connection.site(), target.connection.site()).await;
        findings.found(way, checked);
    } else {
        findings.untried(way, "it takes both warehouses");
    }
    try_files(run, arguments, source, target, &mut findings).await;
    findings.verdict()
}

/// The first act of a run is to read a document that is not there: without the right to list, S3 answers that access is denied
/// (S3 API Reference, `GetObject`).
async fn try_documents<E: Effects>(run: &Run<E>) -> Result<(), JobError> {
    const CONTENT: &str = "preflight";
    let (objects, folder) = (run.ledger.objects(), run.keys.preflight_documents());
    let key = format!("{folder}document.txt");
    objects.get(&key).await?;
    objects.put(&key, CONTENT.into()).await?;
    let read = objects.get(&key).await;
    let listed = objects.list(&folder).await;
    objects.delete_prefix(&folder).await?;
    let found = read?.is_some_and(|read| read == CONTENT.as_bytes())
        && listed?.iter().any(|object| object.key == key);
    let message = "S3 does not show what was just written there: see whether another account or a replication writes there".to_owned();
    if found { Ok(()) } else { Err(JobError { kind: ErrorKind::Internal, message }) }
}

/// The secret, a session, and the IAM role of a warehouse.
async fn reach<E: Effects>(
    run: &Run<E>,
    arguments: &MigrateSchema,
    side: Side,
    findings: &mut Findings,
) -> Option<Reached<E>> {
    let common = &arguments.common;
    let arn = match side {
        Side::Source => &common.source_secret,
        Side::Target => &common.target_secret,
    };
    let reads = format!("the secret of the {side} is read: {arn}");
    let logs_in = format!("the {side} is reached by TLS, and its user is a superuser");
    let role = common.iam_role.first();
    let uses = format!("the {side} may use the IAM role {role}");
    let Some((secret, warehouse)) = findings.found(&reads, read_secret(run, arn).await) else {
        findings.untried(&logs_in, "it takes the secret");
        findings.untried(&uses, "it takes the secret");
        return None;
    };
    let connection =
        findings.found(&format!("{logs_in} ({})", secret.host), run.connect_to(common, side).await);
    let has_role = match is_usable(&run.effects.roles(&warehouse), role).await {
        Ok(false) => {
            let attach = if arguments.allowed_roles.contains(role) {
                "it is not attached; the first migration attaches it, or attach it now in the Redshift console"
            } else {
                "it is not attached, and this deployment's jobs may not attach it: attach it in the Redshift console"
            };
            findings.untried(&uses, attach);
            false
        }
        usable => findings.found(&uses, usable.map_err(JobError::from)).is_some(),
    };
    let bucket = run.effects.region();
    let region = warehouse.region().filter(|region| region.as_str() != bucket).map(|_| bucket.to_owned());
    connection.map(|connection| Reached { connection, has_role, region })
}

async fn read_secret<E: Effects>(
    run: &Run<E>,
    arn: &SecretArn,
) -> Result<(WarehouseSecret, Warehouse), JobError> {
    let secret = read_warehouse_secret(&run.effects.secrets(), arn).await?;
    let warehouse = Warehouse::of(&secret)?;
    Ok((secret, warehouse))
}

/// UNLOAD on the source, and COPY of its file on the target: the role may write and read, with the bucket's key, through the network of
/// the warehouses.
async fn try_files<E: Effects>(
    run: &Run<E>,
    arguments: &MigrateSchema,
    source: Option<Reached<E>>,
    target: Option<Reached<E>>,
    findings: &mut Findings,
) {
    let common = &arguments.common;
    let folder = run.keys.preflight_files();
    let url = common.run.bucket.uri(&folder);
    let unloads = format!("UNLOAD of the source writes below {}", common.run.bucket.uri("unload/"));
    let copies = "COPY of the target reads what UNLOAD wrote";
    let removes = "unloaded files are listed and removed";
    let role = |warehouse: Option<Reached<E>>| warehouse.filter(|warehouse| warehouse.has_role);
    let Some(mut source) = role(source) else {
        for tried in [unloads.as_str(), copies, removes] {
            findings.untried(tried, "it takes the source with the IAM role");
        }
        return;
    };
    let probe = |region| Probe { prefix_url: &url, iam_role: common.iam_role.as_str(), region };
    let kms_key = common.run.kms_key.as_ref().map(arguments::KmsKeyArn::as_str);
    let unload = unload_probe(probe(source.region.as_deref()), kms_key);
    let unloaded = source.connection.run(&Batch::of([unload])).await;
    let unloaded = unloaded.map_err(|error| refused(Side::Source, error.of_transfer("UNLOAD")));
    match (findings.found(&unloads, unloaded), role(target)) {
        (Some(_), Some(mut target)) => {
            let loaded = copy(&mut target.connection, probe(target.region.as_deref())).await;
            findings.found(copies, loaded);
        }
        (None, _) => findings.untried(copies, "it takes what UNLOAD writes"),
        (Some(_), None) => findings.untried(copies, "it takes the target with the IAM role"),
    }
    // Whatever became of it: an UNLOAD that failed may have written something.
    let result = run.ledger.objects().delete_prefix(&folder).await;
    findings.found(removes, result.map_err(JobError::from));
}

async fn copy<S: Session>(session: &mut S, probe: Probe<'_>) -> Result<(), JobError> {
    let of_copy = |error: SqlError| refused(Side::Target, error.of_transfer("COPY"));
    // Each by itself: COPY may not share a message (r_SVL_MULTI_STATEMENT_VIOLATIONS).
    session.run(&Batch::of([create_probe()])).await.map_err(of_copy)?;
    session.run(&Batch::of([copy_probe(probe)])).await.map_err(of_copy)?;
    let answers = session.run(&Batch::of([last_copy()])).await.map_err(of_copy)?;
    let rows =
        answers.last().ok_or(DecodeError::NotOneRow(0)).and_then(|answer| answer.only_row()?.number("rows"));
    match rows {
        Ok(1_u64) => Ok(()),
        Ok(rows) => Err(refused(Side::Target, format!("COPY loaded {rows} rows of 1"))),
        Err(error) => Err(refused(Side::Target, error)),
    }
}

fn refused(side: Side, cause: impl std::fmt::Display) -> JobError {
    let remedy = "see that the role may read and write the bucket, use its key, and that the warehouse's own subnets reach S3";
    JobError::of(
        ErrorKind::Configuration,
        format_args!("{side} warehouse"),
        format_args!("{cause}; {remedy}"),
    )
}

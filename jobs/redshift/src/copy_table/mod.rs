//! COPY of one table, with the removal of its old rows and the checks, in one transaction.

mod error;
mod find_load_error;
mod identity;
mod old_rows;
mod target;

pub use error::CopyError;
pub use old_rows::OldRows;

use crate::measure::{counts_of_marked, fingerprint_of};
use crate::session::{Batch, DecodeError, ResultSet, Session, SqlError};
use find_load_error::find_load_error;
use identity::check_identities;
use migration::catalog::Column;
use migration::name::QualifiedName;
use migration::outcome::{ErrorKind, Others, Rows, Standing};
use migration::statement::{self, Copy};
use migration::transfer::{Format, check_target_columns, marked};
use migration::verify::{Fingerprint, Verify};
use target::{Target, look_at_target};

/// What is to be loaded, and what it must come to.
#[derive(Clone, Debug)]
pub struct Load<'a> {
    /// The table, on both sides.
    pub table: &'a QualifiedName,
    /// The source's columns, in the order in which they were unloaded.
    pub columns: &'a [Column],
    /// How the files were written.
    pub format: &'a Format,
    /// The URL of the manifest that the UNLOAD wrote.
    pub manifest_url: &'a str,
    /// The role that the target reads S3 with.
    pub iam_role: &'a str,
    /// The bucket's Region, where it is not the target's.
    pub region: Option<&'a str>,
    /// The rows that were unloaded.
    pub unloaded: u64,
    /// How many of their values have a marker in the files; none where nobody counted them.
    pub marked: Option<&'a [u64]>,
    /// How closely to look at what was loaded.
    pub verify: Verify,
    /// What the source's rows came to when they were unloaded: compared where `verify` is [`Verify::Checksum`].
    pub fingerprint: Option<&'a Fingerprint>,
}

/// Replaces a table's rows by those of a manifest, all or nothing. The counts that come back are those that were checked.
///
/// Seven messages, with DELETE: BEGIN; the table's lock; a look at what the target is; the old rows are deleted, if `old_rows` lets
/// them go; COPY is alone in its message (`r_SVL_MULTI_STATEMENT_VIOLATIONS`); all checks are one message; `old_rows` hears what is
/// about to be committed; then COMMIT. An empty table is loaded without DELETE: it then loads sorted. The caller goes on with
/// [`crate::tidy_table`] where rows were replaced.
///
/// # Errors
/// Rows stand on the target that may not go, the target's table or its rows do not fit, what arrived is not what left, or the
/// connection was lost.
pub async fn copy_table<S: Session>(
    session: &mut S,
    load: &Load<'_>,
    old_rows: &mut impl OldRows,
) -> Result<Rows, CopyError> {
    let loaded = match load_and_check(session, load, old_rows).await {
        Ok(rows) => {
            let fingerprint = load.fingerprint.filter(|_| load.verify == Verify::Checksum);
            old_rows.committing(load.unloaded, fingerprint).await.map(|()| rows)
        }
        Err(error) => Err(error),
    };
    let error = match loaded {
        Ok(rows) => {
            // What is refused here, by a quota for one (r_CREATE_SCHEMA), has been rolled back.
            run(session, [statement::commit()]).await?;
            return Ok(rows);
        }
        Err(error) => error,
    };
    if error.lost_connection().is_some() {
        // The session has rolled back by itself.
        return Err(error);
    }
    if let Err(lost) = run(session, [statement::rollback()]).await {
        log::debug!("rolling back: {lost}");
        return Err(error);
    }
    Err(match error {
        CopyError::Value(error) => located(session, load, error).await,
        other => other,
    })
}

/// The error with the place of the value at fault, where the warehouse knows it. It is looked up when the transaction is over, since one
/// that has failed answers nothing.
async fn located<S: Session>(session: &mut S, load: &Load<'_>, error: SqlError) -> CopyError {
    let folder = load.manifest_url.rsplit_once('/').map_or(load.manifest_url, |(folder, _)| folder);
    match find_load_error(session, &format!("{folder}/")).await {
        Ok(Some(found)) => CopyError::Load(found),
        Ok(None) => CopyError::Value(error),
        Err(unknown) => {
            log::debug!("looking for the place of a load error: {unknown}");
            CopyError::Value(error)
        }
    }
}

async fn load_and_check<S: Session>(
    session: &mut S,
    load: &Load<'_>,
    old_rows: &mut impl OldRows,
) -> Result<Rows, CopyError> {
    let target = look_at_target(session, load.table).await?;
    check_target_columns(load.columns, &target.columns)?;
    if target.rows > 0 {
        let standing = old_rows.standing(target.rows).await?;
        check_standing(session, load, target.rows, standing).await?;
        run(session, [statement::delete_rows(load.table)]).await?;
    }
    // An UNLOAD of no rows may leave no file to load: with CSV it "might" write empty ones, of PARQUET r_UNLOAD does not say.
    if load.unloaded > 0 {
        send_copy(session, load, &target).await?;
    }
    check(session, load, &target).await
}

/// Refuses to go on where rows stand in the table that are not to be replaced.
async fn check_standing<S: Session>(
    session: &mut S,
    load: &Load<'_>,
    rows: u64,
    standing: Standing,
) -> Result<(), CopyError> {
    let others = match standing {
        Standing::Ours => return Ok(()),
        Standing::Others(others) => others,
        Standing::OursIf(known) => {
            let asked = statement::fingerprint(load.table, load.columns);
            let answers = run(session, [asked]).await.map_err(|error| error.without_values("a check"))?;
            let found = fingerprint_of(&Answers(answers.into_iter()).next()?, load.columns)?;
            let is_same = |known: &Fingerprint| {
                known.columns.len() == found.columns.len() && known.difference(&found).is_none()
            };
            if known.iter().any(is_same) {
                return Ok(());
            }
            Others::OtherValues
        }
    };
    Err(CopyError::OldRows { rows, others })
}

async fn send_copy<S: Session>(session: &mut S, load: &Load<'_>, target: &Target) -> Result<(), CopyError> {
    let Load { table, columns, format, manifest_url, iam_role, region, .. } = *load;
    let explicit_ids = target.explicit_ids(columns);
    let copy = Copy { table, columns, format, manifest_url, iam_role, region, explicit_ids };
    let Err(error) = run(session, [statement::copy(&copy)]).await else { return Ok(()) };
    if error.kind == ErrorKind::Data && error.tellable_of_transfer().is_none() {
        return Err(CopyError::Value(error.without_values("COPY")));
    }
    Err(error.of_transfer("COPY").into())
}

/// Asks for everything at once, and compares it.
async fn check<S: Session>(session: &mut S, load: &Load<'_>, target: &Target) -> Result<Rows, CopyError> {
    let mut statements = vec![statement::last_copy()];
    let marked = marked(load.columns, load.format);
    // Without counts every column may have such values.
    let expected_marked = load.marked.filter(|counts| counts.len() == marked.len());
    if let Format::Csv { null_marker } = load.format {
        let is_there = |at: usize| expected_marked.is_none_or(|counts| counts[at] > 0);
        let there = marked.iter().enumerate().filter(|(at, _)| is_there(*at));
        statements.extend(
            there.filter_map(|(_, marked)| statement::restore_marked(load.table, marked, null_marker)),
        );
    }
    let restored = statements.len() - 1;
    if !marked.is_empty() {
        statements.push(statement::count_marked(load.table, &marked));
    }
    let identities = target.identities(load.columns);
    if !identities.is_empty() {
        let columns = identities.iter().map(|(name, identity)| (load.table, *name, *identity));
        statements.push(statement::identity_maxima(columns));
    }
    let counts = load.verify != Verify::None;
    statements.extend(counts.then(|| statement::count_rows(load.table)));
    let expected = load.fingerprint.filter(|_| load.verify == Verify::Checksum);
    statements.extend(expected.map(|_| statement::fingerprint(load.table, load.columns)));
    let answers = run(session, statements).await.map_err(|error| error.without_values("a check"))?;
    let mut answers = Answers(answers.into_iter());

    let last = answers.next()?;
    let copy_id: i64 = last.only_row()?.number("copy_id")?;
    let ran = copy_id != target.last_copy;
    let loaded = if ran && load.unloaded > 0 { last.only_row()?.number("rows")? } else { 0 };
    for _ in 0..restored {
        answers.next()?;
    }
    let arrived =
        if marked.is_empty() { Vec::new() } else { counts_of_marked(&answers.next()?, marked.len())? };
    if !identities.is_empty() {
        check_identities(&identities, &answers.next()?)?;
    }
    let counted = if counts { Some(answers.next()?.only_row()?.number("rows")?) } else { None };
    if loaded != load.unloaded || counted.is_some_and(|counted| counted != load.unloaded) {
        return Err(CopyError::RowsDiffer { unloaded: load.unloaded, loaded, target: counted });
    }
    let expected_marked = expected_marked.into_iter().flatten().copied();
    for ((marked, unloaded), loaded) in marked.iter().zip(expected_marked).zip(arrived) {
        if unloaded != loaded {
            return Err(CopyError::MarkedDiffer {
                column: marked.column.clone(),
                value: marked.value,
                unloaded,
                loaded,
            });
        }
    }
    if let Some(expected) = expected {
        let found = fingerprint_of(&answers.next()?, load.columns)?;
        if let Some(difference) = expected.difference(&found) {
            return Err(CopyError::ValuesDiffer(difference));
        }
    }
    Ok(Rows {
        unloaded: Some(load.unloaded),
        loaded: Some(loaded),
        target: counted,
        replaced: Some(target.rows),
    })
}

/// The answers of a message, each of which there must be.
struct Answers(std::vec::IntoIter<ResultSet>);

impl Answers {
    fn next(&mut self) -> Result<ResultSet, DecodeError> {
        self.0.next().ok_or(DecodeError::NotOneRow(0))
    }
}

async fn run<S: Session>(
    session: &mut S,
    statements: impl IntoIterator<Item = statement::Sql>,
) -> Result<Vec<ResultSet>, SqlError> {
    session.run(&Batch::of(statements)).await
}

#[cfg(test)]
mod tests;

//! Rows that stand on the target in the tables whose rows are to be moved, and whose they are by the ledger.

use crate::{Connection, Effects, JobError, Run};
use arguments::Replace;
use aws::DOCUMENTS_AT_ONCE;
use futures_util::{StreamExt, TryStreamExt, stream};
use migration::name::QualifiedName;
use migration::outcome::{ErrorKind, Standing};
use migration::plan::{ReplacedRows, StandingRows};
use migration::verify::Verify;
use redshift::measure::measure_rows;

/// How often rows are counted and looked up: a load of another run may come between the two.
const LOOKS: usize = 3;

/// Counts the rows of these tables of the target, and tells of those that hold some whether they may be replaced. Values are
/// not compared here: the load does that, under the table's lock, where it is asked for. A table that cannot be counted is left
/// to the load, too, and logged.
pub async fn standing_rows<E: Effects>(
    run: &Run<E>,
    target: &mut Connection<E>,
    tables: &[&QualifiedName],
    replace: &Replace,
    verify: Verify,
) -> Result<Vec<StandingRows>, JobError> {
    let mut standing = look(run, target, tables, replace, verify).await?;
    for _ in 1..LOOKS {
        let others: Vec<_> = standing.extract_if(.., |table| table.others.is_some()).collect();
        if others.is_empty() {
            break;
        }
        let doubtful: Vec<&QualifiedName> = others.iter().map(|table| &table.rows.table).collect();
        let again = look(run, target, &doubtful, replace, verify).await?;
        let is_settled = again == others;
        standing.extend(again);
        if is_settled {
            break;
        }
    }
    Ok(standing)
}

async fn look<E: Effects>(
    run: &Run<E>,
    target: &mut Connection<E>,
    tables: &[&QualifiedName],
    replace: &Replace,
    verify: Verify,
) -> Result<Vec<StandingRows>, JobError> {
    let measure = async |session: &mut E::Session| {
        measure_rows(session, tables).await.map_err(|error| JobError::measuring("target", &error))
    };
    let (rows, uncounted) = target.read(measure).await?;
    for (table, error) in uncounted {
        log::warn!("{}: its rows on the target cannot be counted: {error}", table.plain());
    }
    let place = &target.site().place;
    let judged = rows.into_iter().filter(|(_, rows)| *rows > 0).map(|(table, rows)| async move {
        let others = if replace.names(&table) {
            None
        } else {
            match run.loaded(place, &table).await?.0.standing(rows, verify) {
                Standing::Ours | Standing::OursIf(_) => None,
                Standing::Others(others) => Some(others),
            }
        };
        Ok::<_, JobError>(StandingRows { rows: ReplacedRows { table, rows }, others })
    });
    stream::iter(judged.collect::<Vec<_>>()).buffered(DOCUMENTS_AT_ONCE).try_collect().await
}

/// Refuses a `--REPLACE` that names none or several of these tables: a mistyped name would allow something else than was meant.
///
/// # Errors
/// The first such name.
pub fn require_known(replace: &Replace, tables: &[&QualifiedName]) -> Result<(), JobError> {
    match replace.misfit(tables) {
        None => Ok(()),
        Some(name) => Err(JobError::of(
            ErrorKind::Arguments,
            format_args!(
                "--REPLACE names {name}, which is none or several of the tenant's tables on the source"
            ),
            "correct it, and write schema.table",
        )),
    }
}

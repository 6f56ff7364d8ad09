//! How far the tables are: a line each in the log, and one for all of them with the time left.

use crate::moving::Moving;
use job::one_line;
use migration::outcome::{Status, TableOutcome};
use migration::words::number_of;
use tokio::time::Instant;

/// How far the tables are.
pub struct Progress {
    started: Instant,
    tables: usize,
    megabytes: u64,
    done: Done,
}

#[derive(Clone, Copy, Debug, Default)]
struct Done {
    tables: usize,
    failed: usize,
    megabytes: u64,
    rows: u64,
    bytes: u64,
}

impl Progress {
    /// Nothing is moved yet of these tables.
    pub fn of(tables: &[Moving]) -> Self {
        let megabytes = tables.iter().map(weight).sum();
        Self { started: Instant::now(), tables: tables.len(), megabytes, done: Done::default() }
    }

    /// A table has ended.
    pub fn ended(&mut self, moving: &Moving, outcome: &TableOutcome) {
        self.done.tables += 1;
        self.done.megabytes += weight(moving);
        if outcome.status == Status::Finished {
            self.done.rows += outcome.rows.loaded.unwrap_or_default();
            self.done.bytes += outcome.bytes.unwrap_or_default();
            log_moved(outcome);
        } else {
            self.done.failed += 1;
            let cause = outcome.error.as_ref().map(|failure| failure.message.as_str()).unwrap_or_default();
            log::error!("{}", one_line(cause));
        }
        if self.tables > 1 {
            log::info!("{}", self.line());
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "an estimate")]
    fn line(&self) -> String {
        let Self { tables, megabytes, done, .. } = self;
        let seconds = self.started.elapsed().as_secs_f64();
        let left = seconds * (megabytes - done.megabytes) as f64 / done.megabytes.max(1) as f64;
        format!(
            "{} of {}, {} failed, {}, {:.1} MB in files, {:.1} MB/s, {seconds:.1} s, about {left:.0} s left",
            done.tables,
            number_of(*tables, "table"),
            done.failed,
            number_of(done.rows, "row"),
            done.bytes as f64 / 1e6,
            done.bytes as f64 / 1e6 / seconds.max(1e-3),
        )
    }
}

/// What a table counts for in what is left: even an empty one takes its messages.
fn weight(moving: &Moving) -> u64 {
    moving.megabytes + 1
}

fn log_moved(outcome: &TableOutcome) {
    let line = format!(
        "{}: {} loaded, {} replaced, {}, {} bytes, unloaded in {:.2} s, copied in {:.2} s",
        outcome.table.plain(),
        number_of(outcome.rows.loaded.unwrap_or_default(), "row"),
        outcome.rows.replaced.unwrap_or_default(),
        number_of(outcome.files.unwrap_or_default(), "file"),
        outcome.bytes.unwrap_or_default(),
        outcome.seconds.unload.unwrap_or_default(),
        outcome.seconds.copy.unwrap_or_default(),
    );
    log::info!("{}", one_line(&line));
}

//! Which steps share a transaction, and the plan as a script that does the same.

use super::{Plan, Stage, Step, Transaction};
use crate::statement::{begin, commit};
use std::fmt::Write;

/// Steps in one transaction: enough that round trips and commits no longer count, few enough that a fallback
/// to single steps stays short.
const BATCH_STEPS: usize = 100;

/// Cuts steps, in order, into what is sent together: neighbours of one phase that may share a transaction, at
/// most 100 of them; others by themselves.
pub fn batches<'s, 'a>(steps: &'s [&'a Step]) -> impl Iterator<Item = &'s [&'a Step]> {
    let shares = |one: &&Step, next: &&Step| {
        one.phase == next.phase
            && one.transaction == Transaction::Batched
            && next.transaction == Transaction::Batched
    };
    steps.chunk_by(shares).flat_map(|run| run.chunks(BATCH_STEPS))
}

impl Plan {
    /// The plan as a script for psql, with the same transactions as the jobs use.
    pub fn to_sql(&self) -> String {
        let mut script = format!("-- plan {}\n", self.sha256());
        for note in &self.blockers {
            writeln!(script, "-- blocker: {}: {}; {}", note.object, note.reason, note.remedy)
                .expect("a String");
        }
        for stage in [Stage::BeforeData, Stage::AfterData] {
            let steps: Vec<&Step> = self.stage(stage).collect();
            for batch in batches(&steps) {
                let together = batch.len() > 1;
                writeln!(script, "\n-- {}", batch[0].phase).expect("a String");
                if together {
                    writeln!(script, "{};", begin()).expect("a String");
                }
                for statement in batch.iter().flat_map(|step| &step.sql) {
                    writeln!(script, "{statement};").expect("a String");
                }
                if together {
                    writeln!(script, "{};", commit()).expect("a String");
                }
            }
        }
        script
    }
}

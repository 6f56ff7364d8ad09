//! Which steps share a transaction, and the plan as a script that does the same.

use super::{Plan, ReplacedRows, Stage, Step, Transaction};
use crate::statement::{Sql, begin, by_case, commit, start_session};
use crate::words::number_of;

/// Steps in one transaction: enough that round trips and commits no longer count, few enough that a fallback
/// to single steps stays short.
const BATCH_STEPS: usize = 100;

/// Bytes in one message: a fraction of the 16 MB that Redshift takes (`c_redshift-sql`), since bodies of procedures are long.
const BATCH_BYTES: usize = 4 << 20;

/// Cuts steps, in order, into what is sent together: neighbours of one phase that may share a transaction, at
/// most 100 of them and 4 MB; others by themselves.
pub fn batches<'s, 'a>(steps: &'s [&'a Step]) -> Vec<&'s [&'a Step]> {
    let mut batches = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (at, step) in steps.iter().enumerate() {
        let size: usize = step.sql.iter().map(|sql| sql.as_str().len()).sum();
        let joins = at > start
            && step.phase == steps[start].phase
            && step.transaction == Transaction::Batched
            && steps[start].transaction == Transaction::Batched
            && at - start < BATCH_STEPS
            && bytes + size <= BATCH_BYTES;
        if at > start && !joins {
            batches.push(&steps[start..at]);
            (start, bytes) = (at, 0);
        }
        bytes += size;
    }
    batches.extend((start < steps.len()).then(|| &steps[start..]));
    batches
}

impl Plan {
    /// The plan as a script for psql, with the same settings and transactions as the jobs use. With blockers it holds no
    /// statement, since none may run.
    pub fn to_sql(&self) -> String {
        let mut lines = vec![format!("-- plan {}", self.sha256())];
        for note in &self.blockers {
            // A name may hold a line break, which would end the comment.
            let (subject, reason) = (&note.subject, &note.reason);
            let line = format!("-- blocker: {subject}: {reason}; {}", reason.remedy());
            lines.push(line.replace(char::is_control, " "));
        }
        for association in &self.associations {
            lines.push(format!("-- the job does this first: {association}").replace(char::is_control, " "));
        }
        for ReplacedRows { table, rows } in &self.replaced {
            let rows = number_of(*rows, "row");
            lines
                .push(format!("-- the load replaces {rows} of table {table}").replace(char::is_control, " "));
        }
        for password in &self.passwords {
            let superuser = if password.superuser { " and makes it a superuser" } else { "" };
            let line = format!(
                "-- user {}: the job gives it a password{superuser}: {}",
                password.user, password.source
            );
            lines.push(line.replace(char::is_control, " "));
        }
        if self.blockers.is_empty() {
            lines.extend(start_session().iter().map(Sql::terminated));
            for stage in [Stage::BeforeData, Stage::AfterData] {
                let steps: Vec<&Step> = self.stage(stage).collect();
                for batch in batches(&steps) {
                    lines.push(format!("\n-- {}", batch[0].phase));
                    let statements = batch_statements(batch);
                    let (all, reset) = by_case(&statements, None);
                    let cased = all.iter().flat_map(|cased| cased.setting.iter().chain(cased.statements));
                    lines.extend(cased.chain(&reset).map(Sql::terminated));
                }
            }
        }
        lines.join("\n") + "\n"
    }
}

fn batch_statements(batch: &[&Step]) -> Vec<Sql> {
    if batch[0].transaction == Transaction::Batched {
        in_one_transaction(batch).collect()
    } else {
        batch.iter().flat_map(|step| step.sql.iter().cloned()).collect()
    }
}

/// The statements of steps between BEGIN and COMMIT.
pub fn in_one_transaction(steps: &[&Step]) -> impl Iterator<Item = Sql> {
    let statements = steps.iter().flat_map(|step| step.sql.iter().cloned());
    std::iter::once(begin()).chain(statements).chain([commit()])
}

#[cfg(test)]
mod tests {
    use super::super::{Phase, StepId};
    use super::*;
    use crate::name::{Identifier, QualifiedName};
    use crate::statement::count_rows;
    use std::collections::BTreeSet;

    fn step(phase: Phase, transaction: Transaction, bytes: usize) -> Step {
        let id = |name: &str| Identifier::new(name).unwrap();
        let sql = count_rows(&QualifiedName::new(id("s"), id("t")));
        let copies = bytes / sql.as_str().len() + 1;
        Step {
            id: StepId::CreateSchema(id("s")),
            stage: Stage::BeforeData,
            phase,
            object: "t".into(),
            needs: BTreeSet::new(),
            transaction,
            sql: vec![sql; copies],
        }
    }

    #[test]
    fn batches_end_at_phases_counts_and_bytes() {
        let small = || step(Phase::Tables, Transaction::Batched, 0);
        let mut steps = vec![small(), small(), step(Phase::Keys, Transaction::Batched, 0)];
        steps.extend((0..150).map(|_| step(Phase::Views, Transaction::Batched, 0)));
        steps.extend((0..2).map(|_| step(Phase::Owners, Transaction::Alone, 0)));
        steps.extend((0..3).map(|_| step(Phase::Rights, Transaction::Batched, 3 << 20)));
        let steps: Vec<&Step> = steps.iter().collect();
        let sizes: Vec<usize> = batches(&steps).iter().map(|batch| batch.len()).collect();
        assert_eq!(sizes, [2, 1, 100, 50, 1, 1, 1, 1, 1]);
        assert!(batches(&[]).is_empty());
    }

    #[test]
    fn a_statement_that_ends_in_a_comment_ends_after_it() {
        let view = Sql::constant("CREATE VIEW v AS SELECT 1 -- one");
        assert_eq!(view.terminated(), "CREATE VIEW v AS SELECT 1 -- one\n;");
        assert_eq!(begin().terminated(), "BEGIN;");
    }
}

//! Where a table's move goes on from, when its run was started before.

use crate::name::Identifier;
use crate::outcome::{Status, TableOutcome, TableStage, Unloaded};
use crate::verify::Verify;

/// What is to be done for a table, and what an earlier start came to that it goes on from.
#[derive(Clone, Debug, PartialEq)]
pub enum NextStep {
    /// Nothing: this run has moved it.
    Nothing(Box<TableOutcome>),
    /// To load what lies in S3.
    Load(Box<TableOutcome>, Unloaded),
    /// All of it.
    Unload,
}

/// What is to be done for a table of these `columns`, of which the ledger tells `earlier`.
///
/// What was unloaded is only good for the columns that the table has now, and for a comparison whose other half was taken
/// with it: otherwise it is unloaded anew. So it is after a failure that only a person can help, since that person may have
/// changed the source's rows: such an outcome keeps no files.
pub fn next_step(earlier: Option<TableOutcome>, columns: &[Identifier], verify: Verify) -> NextStep {
    let Some(earlier) = earlier else { return NextStep::Unload };
    if earlier.status == Status::Finished {
        return NextStep::Nothing(Box::new(earlier));
    }
    match earlier.unloaded.clone() {
        Some(unloaded)
            if earlier.stage == TableStage::Unloaded
                && unloaded.columns == columns
                && (verify != Verify::Checksum || unloaded.fingerprint.is_some()) =>
        {
            NextStep::Load(Box::new(earlier), unloaded)
        }
        Some(_) | None => NextStep::Unload,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::QualifiedName;
    use crate::transfer::Format;

    fn id(name: &str) -> Identifier {
        Identifier::new(name).unwrap()
    }

    fn outcome(status: Status, stage: TableStage) -> TableOutcome {
        let mut outcome = TableOutcome::new(&QualifiedName::new(id("s"), id("t")), "acme", "r");
        outcome.status = status;
        outcome.stage = stage;
        outcome.unloaded = Some(Unloaded {
            folder: "unload/acme/r/s/t/1/".to_owned(),
            manifest_sha256: Some("00".to_owned()),
            format: Format::Parquet,
            columns: vec![id("a")],
            marked: None,
            fingerprint: None,
        });
        outcome
    }

    #[test]
    fn goes_on_after_the_last_stage_that_is_whole() {
        let of = |status, stage, column: &str| {
            next_step(Some(outcome(status, stage)), &[id(column)], Verify::Count)
        };
        assert_eq!(next_step(None, &[id("a")], Verify::None), NextStep::Unload);
        assert!(matches!(of(Status::Finished, TableStage::Verified, "a"), NextStep::Nothing(_)));
        assert!(matches!(of(Status::Running, TableStage::Unloaded, "a"), NextStep::Load(..)));
        assert!(matches!(of(Status::Failed, TableStage::Unloaded, "a"), NextStep::Load(..)));
        assert_eq!(of(Status::Failed, TableStage::Planned, "a"), NextStep::Unload);
        assert_eq!(of(Status::Running, TableStage::Unloaded, "b"), NextStep::Unload);
        let unloaded = outcome(Status::Running, TableStage::Unloaded);
        assert_eq!(next_step(Some(unloaded), &[id("a")], Verify::Checksum), NextStep::Unload);
    }
}

//! Schemas.

use super::principals::user_step;
use super::{Context, Draft, Phase, Stage, Step, StepId, Transaction};
use crate::name::Identifier;
use crate::statement;
use std::collections::BTreeSet;

/// The step that creates a schema: everything in it needs it.
pub(super) fn schema_step(name: &Identifier) -> StepId {
    StepId::new("create schema", name)
}

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    let schemas = context.source.schemas.iter().filter(|(name, _)| context.scope.schemas.contains(*name));
    for (name, schema) in schemas {
        if !context.target.schemas.contains_key(name) {
            draft.steps.push(Step {
                id: schema_step(name),
                stage: Stage::BeforeData,
                phase: Phase::Schemas,
                object: name.as_str().to_owned(),
                needs: BTreeSet::from([user_step(&schema.owner)]),
                transaction: Transaction::Batched,
                sql: vec![statement::create_schema(
                    name,
                    Some(&schema.owner).filter(|owner| context.user_arrives(owner)),
                )],
            });
        }
    }
}

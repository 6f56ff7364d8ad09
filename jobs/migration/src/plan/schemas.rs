//! Schemas, local and external.

use super::principals::user_step;
use super::{Context, Draft, Owners, Phase, Stage, Step, StepId, Transaction};
use crate::catalog::{ExternalSchema, Schema, SchemaKind};
use crate::name::Identifier;
use crate::statement::{self, Sql};
use std::collections::BTreeSet;

/// The step that creates a schema: everything in it needs it.
pub(super) fn schema_step(name: &Identifier) -> StepId {
    StepId::new("create schema", name)
}

/// Whether a schema of the source is on the target, or will be: else its owner and rights have been named with it.
pub(super) fn arrives(context: &Context, name: &Identifier) -> bool {
    context.target.schemas.contains_key(name)
        || context.source.schemas.get(name).is_none_or(|schema| match &schema.kind {
            SchemaKind::Local { .. } => true,
            SchemaKind::External(external) => create_external(name, external).is_ok(),
        })
}

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    let (own, other) = (context.source.collation, context.target.collation);
    if own != other {
        draft.block(
            "database".into(),
            format!(
                "the target's is {} and the source's {}: text would compare otherwise",
                other.keyword(),
                own.keyword()
            ),
            format!("move into a database created with COLLATE {}", own.keyword()),
        );
    }
    for (name, schema) in
        context.source.schemas.iter().filter(|(name, _)| context.scope.schemas.contains(*name))
    {
        match (context.target.schemas.get(name), &schema.kind) {
            (Some(existing), _) => compare(name, schema, existing, draft),
            (None, SchemaKind::Local { quota_mb }) => {
                let owner = Some(&schema.owner)
                    .filter(|owner| context.policy.owners == Owners::Keep && context.user_arrives(owner));
                let sql = statement::create_schema(name, owner, *quota_mb);
                draft.steps.push(step(name, BTreeSet::from([user_step(&schema.owner)]), sql));
            }
            (None, SchemaKind::External(external)) => match create_external(name, external) {
                Ok(sql) => draft.steps.push(step(name, BTreeSet::new(), sql)),
                Err((reason, remedy)) => {
                    draft.leave(format!("external schema {}", name.as_str()), reason, remedy);
                }
            },
        }
    }
}

/// The statement for an external schema, or why there is none and what to do.
fn create_external(name: &Identifier, external: &ExternalSchema) -> Result<Sql, (&'static str, String)> {
    match statement::create_external_schema(name, external) {
        None => Err((
            "the catalog says of it what this version cannot write; its owner and rights are left out with it",
            "create it on the target by hand (CREATE EXTERNAL SCHEMA)".to_owned(),
        )),
        Some(sql) if external.is_bound_to_an_account() => Err((
            "it names a role, a secret or a catalog of an AWS account, which the target may not have or should not use; its \
             owner and rights are left out with it",
            format!("with what the target may use in their place, run there: {sql}"),
        )),
        Some(sql) => Ok(sql),
    }
}

/// A schema that stands on the target is not changed, but for its owner.
fn compare(name: &Identifier, schema: &Schema, existing: &Schema, draft: &mut Draft) {
    if schema.kind != existing.kind {
        let (there, here) = (describe(&existing.kind), describe(&schema.kind));
        draft.leave(
            format!("schema {}", name.as_str()),
            format!("it is {there} on the target and {here} on the source"),
            "ALTER SCHEMA … QUOTA, or create it anew, on the target; it is never changed by this tool",
        );
    }
}

fn describe(kind: &SchemaKind) -> String {
    match kind {
        SchemaKind::Local { quota_mb: None } => "local without a quota".to_owned(),
        SchemaKind::Local { quota_mb: Some(megabytes) } => format!("local with QUOTA {megabytes} MB"),
        SchemaKind::External(external) => format!(
            "external ({} {:?} {:?})",
            external.source.keywords().unwrap_or("of an unknown kind"),
            external.database.as_deref().unwrap_or_default(),
            external.options,
        ),
    }
}

fn step(name: &Identifier, needs: BTreeSet<StepId>, sql: Sql) -> Step {
    Step {
        id: schema_step(name),
        stage: Stage::BeforeData,
        phase: Phase::Schemas,
        object: name.as_str().to_owned(),
        needs,
        transaction: Transaction::Batched,
        sql: vec![sql],
    }
}

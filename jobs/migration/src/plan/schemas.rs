//! Schemas, local and external.

use super::self_revokes;
use super::{Context, Draft, Owners, Phase, SchemaCause, Stage, Step, StepId, Subject, Transaction};
use crate::catalog::{ExternalSchema, ExternalSource, Schema, SchemaKind, Securable};
use crate::name::Identifier;
use crate::statement::{self, Sql};
use std::collections::BTreeSet;

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
        draft.block(Subject::Database, SchemaCause::CollationDiffers { source: own, target: other });
    }
    for (name, schema) in
        context.source.schemas.iter().filter(|(name, _)| context.scope.schemas.contains(*name))
    {
        match (context.target.schemas.get(name), &schema.kind) {
            (Some(existing), _) => compare(name, schema, existing, draft),
            (None, SchemaKind::Local { quota_mb }) => {
                let owner = Some(&schema.owner)
                    .filter(|owner| context.policy.owners == Owners::Keep && context.user_arrives(owner));
                let mut sql = vec![statement::create_schema(name, owner, *quota_mb)];
                let on = Securable::Schema(name.clone());
                sql.extend(owner.and_then(|_| self_revokes::revoke(context, &on)));
                let needs = BTreeSet::from([StepId::user(&schema.owner)]);
                draft.steps.push(step(name, Phase::Schemas, needs, sql));
            }
            (None, SchemaKind::External(external)) => match create_external(name, external) {
                Ok(sql) => {
                    if external.takes_default_role() {
                        draft.leave(Subject::ExternalSchema(name.clone()), SchemaCause::DefaultRole);
                    }
                    draft.steps.push(step(name, Phase::ExternalSchemas, BTreeSet::new(), vec![sql]));
                }
                Err(cause) => draft.leave(Subject::ExternalSchema(name.clone()), cause),
            },
        }
    }
}

/// The statement for an external schema, or why there is none.
fn create_external(name: &Identifier, external: &ExternalSchema) -> Result<Sql, SchemaCause> {
    match statement::create_external_schema(name, external) {
        None => Err(SchemaCause::CannotBeWritten),
        // The other database need not be there, and may be another tenant's.
        Some(create) if external.source == ExternalSource::LocalRedshift => {
            Err(SchemaCause::OfAnotherDatabase { create })
        }
        Some(create) if external.is_bound_to_an_account() => Err(SchemaCause::OfAnAccount { create }),
        Some(sql) => Ok(sql),
    }
}

/// A schema that stands on the target is not changed, but for its owner.
fn compare(name: &Identifier, schema: &Schema, existing: &Schema, draft: &mut Draft) {
    if schema.kind != existing.kind {
        let cause = SchemaCause::Differs { source: schema.kind.clone(), target: existing.kind.clone() };
        draft.leave(Subject::Schema(name.clone()), cause);
    }
}

/// What a schema is, for people to read.
pub(super) fn describe(kind: &SchemaKind) -> String {
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

fn step(name: &Identifier, phase: Phase, needs: BTreeSet<StepId>, sql: Vec<Sql>) -> Step {
    Step {
        id: StepId::schema(name),
        stage: Stage::BeforeData,
        phase,
        object: name.as_str().to_owned(),
        needs,
        transaction: Transaction::Batched,
        sql,
    }
}

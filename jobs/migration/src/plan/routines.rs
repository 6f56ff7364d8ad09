//! SQL functions and stored procedures.

use super::schemas::schema_step;
use super::{Context, Draft, Phase, Stage, Step, StepId, Transaction};
use crate::catalog::{Grant, Grantee, Privilege, Routine, RoutineKind, RoutineName, Securable};
use crate::statement;
use std::collections::BTreeSet;

/// The languages of routines that this version moves.
const LANGUAGES: [&str; 2] = [SQL, "plpgsql"];

/// The language whose bodies are resolved when they are created.
const SQL: &str = "sql";

/// The step that creates a routine: its owner and rights need it.
pub(super) fn routine_step(name: &RoutineName) -> StepId {
    StepId::new("create routine", name)
}

/// Whether a routine is one that this version moves.
pub(super) fn moves(routine: &Routine) -> bool {
    LANGUAGES.contains(&routine.language.as_str())
}

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    for (name, routine) in
        context.source.routines.iter().filter(|(name, _)| context.scope.holds_routine(name))
    {
        if !moves(routine) {
            draft.leave(
                format!("routine {}", name.plain()),
                format!("its language is {}, which this version does not move", routine.language),
                "create it on the target by hand",
            );
            continue;
        }
        match context.target.routines.get(name) {
            None => draft.steps.push(create(context, name, routine)),
            Some(existing) if same(routine, existing) => {}
            Some(_) => draft.leave(
                format!("routine {}", name.plain()),
                "it is on the target with another definition",
                "replace or drop it on the target; it is never changed by this tool",
            ),
        }
    }
}

/// Creates a routine; where everybody may call a new function but not the source's, takes that right away in
/// the same message, so that it is never wider on the target.
fn create(context: &Context, name: &RoutineName, routine: &Routine) -> Step {
    let mut sql = vec![statement::create_routine(name, routine)];
    if routine.kind == RoutineKind::Function && !public_may_execute(context, name) {
        sql.push(statement::revoke_execute_from_public(name, routine.kind));
    }
    let mut needs = BTreeSet::new();
    if routine.language == SQL {
        // A SQL function that calls another must find it, by its bare name too (`r_CREATE_FUNCTION`).
        sql.insert(0, statement::search_in_transaction(&name.name.schema));
        needs = callees(context, name, routine);
    }
    needs.insert(schema_step(&name.name.schema));
    Step {
        id: routine_step(name),
        stage: Stage::BeforeData,
        phase: Phase::Routines,
        object: name.plain(),
        needs,
        transaction: Transaction::Batched,
        sql,
    }
}

/// The SQL functions that the body of one may call: those whose names it holds as words. A name that only looks like a call
/// costs nothing but an order, since functions cannot call each other in a circle: of two that name each other, the first
/// goes first.
fn callees(context: &Context, name: &RoutineName, routine: &Routine) -> BTreeSet<StepId> {
    let named = |(other, callee): &(&RoutineName, &Routine)| {
        let both = || mentions(&callee.body, name.name.name.as_str());
        *other != name
            && callee.language == SQL
            && mentions(&routine.body, other.name.name.as_str())
            && (*other < name || !both())
    };
    context.source.routines.iter().filter(named).map(|(other, _)| routine_step(other)).collect()
}

/// Whether everybody may call a routine on the source.
fn public_may_execute(context: &Context, name: &RoutineName) -> bool {
    let everybody = Grant { grantee: Grantee::Public, privilege: Privilege::Execute, grantable: false };
    context.source.grants_on(&Securable::Routine(name.clone())).any(|grant| *grant == everybody)
}

/// Whether a body holds a name as a word of its own.
pub(super) fn mentions(body: &str, name: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    body.match_indices(name).any(|(at, _)| {
        !body[..at].chars().next_back().is_some_and(word)
            && !body[at + name.len()..].chars().next().is_some_and(word)
    })
}

/// Equal but for owner and rights, which have steps of their own.
fn same(one: &Routine, other: &Routine) -> bool {
    let other =
        Routine { owner: one.owner.clone(), default_privileges: one.default_privileges, ..other.clone() };
    *one == other
}

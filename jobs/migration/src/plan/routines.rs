//! Functions and stored procedures.
//!
//! SQL functions and procedures are created. A Lambda function is called by way of an IAM role of the source's account, so it is
//! listed with its statement; a Python function cannot be created any more (Management Guide, `behavior-changes`), and is listed with
//! what needs it.

use super::acting;
use super::self_revokes;
use super::{Context, Draft, Phase, RoutineCause, Stage, Step, StepId, Subject, Transaction};
use crate::catalog::{
    Catalog, Grant, Grantee, Language, Privilege, Routine, RoutineKind, RoutineName, Securable,
};
use crate::statement::{self, Ownable};
use crate::text::{Mention, Reading, mentions};
use std::collections::{BTreeMap, BTreeSet};

/// Whether a routine is on the target or will be: the rights and owners of others have been named with them.
pub(super) fn arrives(context: &Context, name: &RoutineName) -> bool {
    let creatable = |routine: &Routine| is_creatable(context.source, name, routine);
    context.target.routines.contains_key(name) || context.source.routines.get(name).is_some_and(creatable)
}

/// Whether the plan creates a routine of the source where the target lacks it.
pub(super) fn is_creatable(source: &Catalog, name: &RoutineName, routine: &Routine) -> bool {
    matches!(routine.language, Language::Sql | Language::Plpgsql)
        && !routine.body.is_empty()
        && !source.names_databases.contains_key(&Securable::Routine(name.clone()))
}

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    let mut callees = callees(context);
    let mut created = Vec::new();
    for (name, routine) in
        context.source.routines.iter().filter(|(name, _)| context.scope.holds_routine(name))
    {
        let (id, subject) = (StepId::routine(name), Subject::Routine(name.clone()));
        match context.target.routines.get(name) {
            Some(existing) => compare(name, routine, existing, draft),
            None => match routine.language {
                _ if routine.body.is_empty() => draft.leave_out(id, subject, RoutineCause::Unreadable),
                _ if let Some(relations) = names_databases(context, name) => {
                    draft.leave_out(
                        id,
                        subject,
                        RoutineCause::NamesDatabases { relations: relations.clone() },
                    );
                }
                Language::Sql | Language::Plpgsql => {
                    let needs = callees.remove(name).unwrap_or_default();
                    acting::refuse_creation(context, &Securable::Routine(name.clone()), draft);
                    draft.steps.push(create(context, name, routine, needs));
                    created.push((name, routine));
                }
                Language::Python => draft.leave_out(id, subject, RoutineCause::IsPython),
                Language::Lambda => {
                    let create = statement::create_routine(name, routine);
                    draft.leave_out(id, subject, RoutineCause::CallsLambda { create });
                }
                Language::Other(_) => {
                    let language = routine.language.name().to_owned();
                    draft.leave_out(id, subject, RoutineCause::UnknownLanguage { language });
                }
            },
        }
    }
    leave_clauses_of_procedures(&created, draft);
}

/// The relations of other databases that a routine names: on the target it would read or write other ones.
fn names_databases<'a>(context: &Context<'a>, name: &RoutineName) -> Option<&'a BTreeSet<String>> {
    context.source.names_databases.get(&Securable::Routine(name.clone()))
}

/// Creates a routine; where everybody may call a new function but not the source's, takes that right away in
/// the same message, so that it is never wider on the target.
fn create(context: &Context, name: &RoutineName, routine: &Routine, callees: BTreeSet<&RoutineName>) -> Step {
    let mut sql = vec![statement::create_routine(name, routine)];
    if routine.kind == RoutineKind::Function && !public_may_execute(context, name) {
        sql.push(statement::revoke_execute_from_public(name, routine.kind));
    }
    if routine.language == Language::Sql {
        // A SQL function that calls another must find it, by its bare name too (`r_CREATE_FUNCTION`).
        sql.insert(0, statement::search_in_transaction(&name.name.schema));
    }
    let mut needs: BTreeSet<StepId> = callees.into_iter().map(StepId::routine).collect();
    needs.insert(StepId::schema(&name.name.schema));
    let on = Securable::Routine(name.clone());
    if acting::created_with_owner(context, &on) {
        needs.insert(StepId::user(&routine.owner));
        sql.push(statement::alter_owner(&Ownable::Routine(routine.kind, name), &routine.owner));
        sql.extend(self_revokes::revoke(context, &on));
    }
    Step {
        id: StepId::routine(name),
        stage: Stage::BeforeData,
        phase: Phase::Routines,
        object: name.plain(),
        needs,
        transaction: Transaction::Batched,
        sql,
    }
}

/// The SQL functions that each may call: those whose names stand before a parenthesis in its body. The catalog keeps no
/// dependency of a body. An overload has the same name, so a circle of names need not be one of calls: it is cut.
fn callees<'a>(context: &Context<'a>) -> BTreeMap<&'a RoutineName, BTreeSet<&'a RoutineName>> {
    let functions = || {
        let routines = context.source.routines.iter();
        routines.filter(|(_, routine)| routine.language == Language::Sql)
    };
    let mut by_name: BTreeMap<&str, Vec<&RoutineName>> = BTreeMap::new();
    for (name, _) in functions() {
        by_name.entry(name.name.name.as_str()).or_default().push(name);
    }
    let calls = |name: &'a RoutineName, routine: &'a Routine| {
        // A function in SQL has no EXECUTE, so that its literals are values.
        let named = mentions(&routine.body, Reading::Sql);
        let called = named.iter().filter(|mention| mention.called);
        let may_be_called = |mention: &Mention| {
            let overloads = by_name.get(mention.name.as_str()).into_iter().flatten().copied();
            let mention = mention.clone();
            overloads.filter(move |other| *other != name && mention.may_be(&other.name)).collect::<Vec<_>>()
        };
        called.flat_map(may_be_called).collect()
    };
    without_circles(&functions().map(|(name, routine)| (name, calls(name, routine))).collect())
}

/// Edges of a graph without those that close a circle on the way through it, in the order of the names.
fn without_circles<N: Ord + Copy>(edges: &BTreeMap<N, BTreeSet<N>>) -> BTreeMap<N, BTreeSet<N>> {
    let none = BTreeSet::new();
    let (mut finished, mut on_path) = (BTreeSet::new(), BTreeSet::new());
    let mut kept: BTreeMap<N, BTreeSet<N>> = BTreeMap::new();
    for &start in edges.keys() {
        let mut path = Vec::new();
        if !finished.contains(&start) {
            on_path.insert(start);
            path.push((start, edges.get(&start).unwrap_or(&none).iter()));
        }
        while let Some((at, rest)) = path.last_mut() {
            match rest.next() {
                None => {
                    finished.insert(*at);
                    on_path.remove(at);
                    path.pop();
                }
                Some(beyond) if on_path.contains(beyond) => {}
                Some(&beyond) => {
                    kept.entry(*at).or_default().insert(beyond);
                    if !finished.contains(&beyond) {
                        on_path.insert(beyond);
                        path.push((beyond, edges.get(&beyond).unwrap_or(&none).iter()));
                    }
                }
            }
        }
    }
    kept
}

/// Whether everybody may call a routine on the source.
fn public_may_execute(context: &Context, name: &RoutineName) -> bool {
    let everybody = Grant { grantee: Grantee::Public, privilege: Privilege::Execute, grantable: false };
    context.source.grants_on(&Securable::Routine(name.clone())).any(|grant| *grant == everybody)
}

/// Names a routine that the target has with another definition. Owner and rights have steps of their own.
fn compare(name: &RoutineName, routine: &Routine, existing: &Routine, draft: &mut Draft) {
    let Routine {
        kind,
        owner: _,
        language,
        arguments,
        returns,
        volatility,
        security_definer,
        clauses: _,
        body,
        default_privileges: _,
    } = existing;
    let differences = [
        ("kind", routine.kind != *kind),
        ("language", routine.language != *language),
        ("arguments", routine.arguments != *arguments),
        ("result type", routine.returns != *returns),
        ("volatility", routine.volatility != *volatility),
        ("SECURITY", routine.security_definer != *security_definer),
        ("NONATOMIC or SET", routine.differs_in_clauses(existing)),
        (if *language == Language::Lambda { "clauses" } else { "body" }, routine.body != *body),
    ];
    let differences: Vec<_> =
        differences.iter().filter(|(_, differs)| *differs).map(|(what, _)| *what).collect();
    if !differences.is_empty() {
        // Made by hand on the target, with a role of the target's: it is meant to differ in that.
        let by_hand = *language == Language::Lambda && differences == ["clauses"];
        draft.differs(
            (!by_hand).then(|| StepId::routine(name)),
            Subject::Routine(name.clone()),
            differences,
            &statement::create_routine(name, routine),
            &statement::create_routine(name, existing),
        );
    }
}

/// One note for all whose clauses are not known: SHOW PROCEDURE was refused, or printed what is not sure to be understood.
fn leave_clauses_of_procedures(created: &[(&RoutineName, &Routine)], draft: &mut Draft) {
    let procedures = created
        .iter()
        .filter(|(_, routine)| routine.kind == RoutineKind::Procedure && routine.clauses.is_none());
    let procedures: Vec<RoutineName> = procedures.map(|(name, _)| (*name).clone()).collect();
    if !procedures.is_empty() {
        draft.leave(Subject::ProcedureClauses, RoutineCause::ClausesNotListed { procedures });
    }
}

#[cfg(test)]
mod tests;

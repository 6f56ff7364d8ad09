//! Users, groups and who is in which; roles have a module of their own.

use super::foreign_rights::ForeignRights;
use super::passwords::plan_password;
use super::roles::{self, role_step};
use super::{Context, Draft, Phase, Stage, Step, StepId, Transaction};
use crate::catalog::{Grantee, Setting, User};
use crate::name::Identifier;
use crate::statement;
use std::collections::BTreeSet;

/// The step that creates a user: owners, members and grantees need it.
pub(super) fn user_step(name: &Identifier) -> StepId {
    StepId::new("create user", name)
}

/// The step that creates a group: memberships and grants need it.
pub(super) fn group_step(name: &Identifier) -> StepId {
    StepId::new("create group", name)
}

/// The step that creates who gets a right; none for PUBLIC, which is always there.
pub(super) fn principal_step(grantee: &Grantee) -> Option<StepId> {
    match grantee {
        Grantee::Public => None,
        Grantee::User(name) => Some(user_step(name)),
        Grantee::Group(name) => Some(group_step(name)),
        Grantee::Role(name) => Some(role_step(name)),
    }
}

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    let foreign = ForeignRights::of(context);
    for name in &context.scope.users {
        plan_user(context, name, draft);
    }
    for name in &context.scope.groups {
        plan_group(context, name, &foreign, draft);
    }
    roles::plan(context, &foreign, draft);
}

fn plan_user(context: &Context, name: &Identifier, draft: &mut Draft) {
    let Some(user) = context.source.users.get(name) else {
        let object = format!("user {}", name.as_str());
        draft.leave(
            object,
            "it owns or may use something, but is not listed as a user",
            "check its id on the source",
        );
        return;
    };
    let object = format!("user {}", name.as_str());
    let existing = context.target.users.get(name);
    if existing.is_none() && user.is_external(name) {
        let reason = "it comes from IAM or from an identity provider, where its logins are decided";
        let remedy = "let it log in to the target once, and run this job again for its rights";
        draft.leave(object, reason, remedy);
        return;
    }
    let superuser = if let Some(existing) = existing {
        compare_user(&object, user, existing, draft);
        existing.superuser
    } else {
        let sql = vec![statement::create_user(name, user)];
        let (id, needs) = (name.to_string(), BTreeSet::new());
        draft.steps.push(step("create user", id, Phase::Users, needs, name.as_str(), sql));
        plan_password(context, name, user, draft)
    };
    if user.superuser && !superuser {
        let remedy = "ALTER USER … CREATEUSER on the target, if it must be";
        draft.leave(object, "it is a superuser on the source", remedy);
    }
    for setting in &user.settings {
        plan_setting(name, setting, existing, draft);
    }
    for setting in existing.into_iter().flat_map(|existing| &existing.settings) {
        if !user.settings.iter().any(|own| own.parameter == setting.parameter) {
            draft.leave(
                format!("setting {} {}", name.as_str(), setting.parameter.as_str()),
                "only on the target does the user start with a value of it",
                "ALTER USER … RESET on the target, if it is not meant to",
            );
        }
    }
}

/// A parameter that the user lacks on the target is set; one that somebody set otherwise there is left.
fn plan_setting(name: &Identifier, setting: &Setting, existing: Option<&User>, draft: &mut Draft) {
    let object = format!("{} {}", name.as_str(), setting.parameter.as_str());
    let there =
        existing.and_then(|user| user.settings.iter().find(|other| other.parameter == setting.parameter));
    match (there, statement::set_user_parameter(name, setting)) {
        (Some(there), _) if there == setting => {}
        (Some(_), _) => draft.leave(
            format!("setting {object}"),
            "the user starts with another value on the target",
            "ALTER USER … SET on the target; it is never changed by this tool",
        ),
        (None, Some(sql)) => {
            let id = format!("{name} {}", setting.parameter);
            let needs = BTreeSet::from([user_step(name)]);
            draft.steps.push(step("set parameter of user", id, Phase::Users, needs, &object, vec![sql]));
        }
        (None, None) => {
            let reason = "its value cannot be said in SQL";
            draft.leave(format!("setting {object}"), reason, "ALTER USER … SET on the target");
        }
    }
}

/// What an existing user may do beyond what it may on the source is a right that the tenant would bring along.
fn compare_user(object: &str, user: &User, existing: &User, draft: &mut Draft) {
    let wider = [
        (existing.superuser && !user.superuser, "CREATEUSER"),
        (existing.create_database && !user.create_database, "CREATEDB"),
        (
            existing.unrestricted_syslog_access && !user.unrestricted_syslog_access && !existing.superuser,
            "SYSLOG ACCESS UNRESTRICTED",
        ),
        // It may be another person's.
        (existing.external_id.is_some() && existing.external_id != user.external_id, "another EXTERNALID"),
        (is_valid_longer(existing, user), "a later VALID UNTIL"),
    ];
    for (_, option) in wider.iter().filter(|(wider, _)| *wider) {
        let reason = format!("it has {option} on the target, and not on the source");
        draft.block(object.to_owned(), reason, "ALTER USER on the target, or on the source");
    }
    let differences: Vec<_> =
        options(user).into_iter().zip(options(existing)).filter(|(one, other)| one != other).collect();
    if !differences.is_empty() && !wider.iter().any(|(wider, _)| *wider) {
        let list =
            |options: Vec<&String>| options.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let (on_source, on_target) = differences.iter().map(|(one, other)| (one, other)).unzip();
        let reason =
            format!("it has {} on the source, and {} on the target", list(on_source), list(on_target));
        draft.leave(object.to_owned(), reason, "ALTER USER on the target; it is never changed by this tool");
    }
}

/// Whether a user may log in when it may not on the source. Moments of one form compare as texts.
fn is_valid_longer(existing: &User, user: &User) -> bool {
    match (&existing.valid_until, &user.valid_until) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(there), Some(here)) => there > here,
    }
}

/// A user's options in the words of `r_ALTER_USER`, but for those that make a superuser.
fn options(user: &User) -> [String; 6] {
    let limit = user.connection_limit.map_or("UNLIMITED".to_owned(), |limit| limit.to_string());
    let timeout = user.session_timeout_s.map(|seconds| format!("SESSION TIMEOUT {seconds}"));
    [
        if user.create_database { "CREATEDB" } else { "NOCREATEDB" }.to_owned(),
        format!(
            "SYSLOG ACCESS {}",
            if user.unrestricted_syslog_access { "UNRESTRICTED" } else { "RESTRICTED" }
        ),
        format!("VALID UNTIL {}", user.valid_until.as_deref().unwrap_or("infinity")),
        format!("CONNECTION LIMIT {limit}"),
        timeout.unwrap_or_else(|| "no SESSION TIMEOUT".to_owned()),
        user.external_id.as_ref().map_or("no EXTERNALID".to_owned(), |id| format!("EXTERNALID {id}")),
    ]
}

fn plan_group(context: &Context, name: &Identifier, foreign: &ForeignRights, draft: &mut Draft) {
    let Some(group) = context.source.groups.get(name) else {
        let object = format!("group {}", name.as_str());
        draft.leave(object, "it holds rights, but is not listed as a group", "check its id on the source");
        return;
    };
    let existing = context.target.groups.get(name);
    if existing.is_none() {
        let sql = vec![statement::create_group(name)];
        draft.steps.push(step(
            "create group",
            name.to_string(),
            Phase::Groups,
            BTreeSet::new(),
            name.as_str(),
            sql,
        ));
    }
    for member in &group.members {
        if existing.is_some_and(|existing| existing.members.contains(member)) {
            continue;
        }
        let object = format!("{} in {}", member.as_str(), name.as_str());
        if !context.user_arrives(member) {
            let reason = "the member is neither moved nor on the target";
            draft.leave(
                format!("membership {object}"),
                reason,
                "create the user on the target, then ADD USER",
            );
            continue;
        }
        if existing.is_some() && foreign.group(name) {
            draft.leave(
                format!("membership {object}"),
                "on the target the group holds rights beyond the tenant's schemas that it does not hold on the source",
                "ALTER GROUP … ADD USER on the target, if the user may have them",
            );
            continue;
        }
        let needs = BTreeSet::from([user_step(member), group_step(name)]);
        let sql = vec![statement::add_user_to_group(member, name)];
        draft.steps.push(step(
            "add member",
            format!("{member} {name}"),
            Phase::Memberships,
            needs,
            &object,
            sql,
        ));
    }
    for stranger in existing.into_iter().flat_map(|existing| &existing.members) {
        if !group.members.contains(stranger) {
            draft.block(
                format!("group {}", name.as_str()),
                format!(
                    "on the target it holds {}, who is not in it on the source and would gain its rights",
                    stranger.as_str()
                ),
                "ALTER GROUP … DROP USER on the target, or ADD USER on the source",
            );
        }
    }
}

fn step(
    verb: &str,
    id: String,
    phase: Phase,
    needs: BTreeSet<StepId>,
    object: &str,
    sql: Vec<statement::Sql>,
) -> Step {
    Step {
        id: StepId::new(verb, id),
        stage: Stage::BeforeData,
        phase,
        object: object.to_owned(),
        needs,
        transaction: Transaction::Batched,
        sql,
    }
}

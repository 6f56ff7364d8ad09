//! Users, groups and who is in which; roles have a module of their own.

use super::passwords::plan_password;
use super::roles;
use super::{Context, Draft, GroupCause, Phase, Stage, Step, StepId, Subject, Transaction, UserCause};
use crate::catalog::{Grantee, Setting, User};
use crate::name::Identifier;
use crate::statement;
use std::collections::BTreeSet;

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    for name in &context.scope.users {
        plan_user(context, name, draft);
    }
    for name in &context.scope.groups {
        plan_group(context, name, draft);
    }
    roles::plan(context, draft);
}

fn plan_user(context: &Context, name: &Identifier, draft: &mut Draft) {
    let Some(user) = context.source.users.get(name) else {
        draft.leave(Subject::user(name), UserCause::NotListed);
        return;
    };
    let existing = context.target.users.get(name);
    if existing.is_none() && user.is_external(name) {
        draft.leave(Subject::user(name), UserCause::External);
        return;
    }
    let superuser = if let Some(existing) = existing {
        compare_user(name, user, existing, draft);
        existing.superuser
    } else {
        let sql = vec![statement::create_user(name, user)];
        draft.steps.push(step(StepId::user(name), Phase::Users, BTreeSet::new(), name.as_str(), sql));
        plan_password(context, name, user, draft)
    };
    if user.superuser && !superuser {
        draft.leave(Subject::user(name), UserCause::Superuser);
    }
    for setting in &user.settings {
        plan_setting(context, name, setting, existing, draft);
    }
    for setting in existing.into_iter().flat_map(|existing| &existing.settings) {
        if !user.settings.iter().any(|own| own.parameter == setting.parameter) {
            draft.leave(subject_of(name, setting), UserCause::SettingOnTarget);
        }
    }
}

/// A parameter that the user lacks on the target is set, unless the user has powers there that are not the tenant's; one that somebody set
/// otherwise there is left.
fn plan_setting(
    context: &Context,
    name: &Identifier,
    setting: &Setting,
    existing: Option<&User>,
    draft: &mut Draft,
) {
    let may_more = |user: &User| user.superuser || context.surplus.has(&Grantee::User(name.clone()));
    let there =
        existing.and_then(|user| user.settings.iter().find(|other| other.parameter == setting.parameter));
    match (there, statement::set_user_parameter(name, setting)) {
        (Some(there), _) if there == setting => {}
        (Some(_), _) => draft.leave(subject_of(name, setting), UserCause::SettingDiffers),
        _ if existing.is_some_and(may_more) => {
            draft.leave(subject_of(name, setting), UserCause::SettingOfOneWhoMayMore);
        }
        (None, Some(sql)) => {
            let object = format!("{} {}", name.as_str(), setting.parameter.as_str());
            let id = StepId::SetUserParameter { user: name.clone(), parameter: setting.parameter.clone() };
            let needs = BTreeSet::from([StepId::user(name)]);
            draft.steps.push(step(id, Phase::Users, needs, &object, vec![sql]));
        }
        (None, None) => draft.leave(subject_of(name, setting), UserCause::SettingWithoutSql),
    }
}

fn subject_of(user: &Identifier, setting: &Setting) -> Subject {
    Subject::Setting { user: user.clone(), parameter: setting.parameter.clone() }
}

/// What an existing user may do beyond what it may on the source is a right that the tenant would bring along.
fn compare_user(name: &Identifier, user: &User, existing: &User, draft: &mut Draft) {
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
        draft.block(Subject::user(name), UserCause::OptionOnTarget { option });
    }
    let differences: Vec<_> =
        options(user).into_iter().zip(options(existing)).filter(|(one, other)| one != other).collect();
    if !differences.is_empty() && !wider.iter().any(|(wider, _)| *wider) {
        let (source, target) = differences.into_iter().unzip();
        draft.leave(Subject::user(name), UserCause::OptionsDiffer { source, target });
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

fn plan_group(context: &Context, name: &Identifier, draft: &mut Draft) {
    let Some(group) = context.source.groups.get(name) else {
        draft.leave(Subject::Principal(Grantee::Group(name.clone())), GroupCause::NotListed);
        return;
    };
    let existing = context.target.groups.get(name);
    if existing.is_none() {
        let sql = vec![statement::create_group(name)];
        draft.steps.push(step(StepId::group(name), Phase::Groups, BTreeSet::new(), name.as_str(), sql));
    }
    for member in &group.members {
        if existing.is_some_and(|existing| existing.members.contains(member)) {
            continue;
        }
        let subject = || Subject::Membership { member: member.clone(), group: name.clone() };
        if !context.user_arrives(member) {
            draft.leave(subject(), GroupCause::MemberNotThere);
            continue;
        }
        if existing.is_some() && context.surplus.has(&Grantee::Group(name.clone())) {
            draft.leave(subject(), GroupCause::HasOtherPrivileges);
            continue;
        }
        let needs = BTreeSet::from([StepId::user(member), StepId::group(name)]);
        let sql = vec![statement::add_user_to_group(member, name)];
        let id = StepId::AddMember { member: member.clone(), group: name.clone() };
        let object = format!("{} in {}", member.as_str(), name.as_str());
        draft.steps.push(step(id, Phase::Memberships, needs, &object, sql));
    }
    for stranger in existing.into_iter().flat_map(|existing| &existing.members) {
        if !group.members.contains(stranger) {
            let subject = Subject::Principal(Grantee::Group(name.clone()));
            draft.block(subject, GroupCause::Stranger { user: stranger.clone() });
        }
    }
}

fn step(id: StepId, phase: Phase, needs: BTreeSet<StepId>, object: &str, sql: Vec<statement::Sql>) -> Step {
    Step {
        id,
        stage: Stage::BeforeData,
        phase,
        object: object.to_owned(),
        needs,
        transaction: Transaction::Batched,
        sql,
    }
}

//! Plans applied to a target in memory, step by step: nobody ever may more than on the source, and in the end nothing is left to do.

use super::*;
use crate::outcome::SkippedStep;
use crate::plan::{Step, StepId};

/// Does to the target what a step says, with what the source holds.
fn apply(step: &Step, source: &Catalog, target: &mut Catalog) {
    let mut grant = |on: &Securable, grant: &Grant| {
        target.grants.entry(on.clone()).or_default().insert(grant.clone());
    };
    match &step.id {
        StepId::AddMember { member, group } => {
            target.groups.get_mut(group).unwrap().members.insert(member.clone());
        }
        StepId::GrantRole { role, to: Grantee::User(user) } => {
            let option = source.roles[role].users[user];
            target.roles.get_mut(role).unwrap().users.insert(user.clone(), option);
        }
        StepId::GrantRole { role, to: Grantee::Role(holder) } => {
            target.roles.get_mut(role).unwrap().roles.insert(holder.clone());
        }
        StepId::ChangeOwner(Securable::Relation(name)) => {
            target.views.get_mut(name).unwrap().owner = source.views[name].owner.clone();
        }
        StepId::Grant { on, to, grantable } => {
            let given = source.grants_on(on);
            given
                .filter(|one| one.grantee == *to && one.grantable == *grantable)
                .for_each(|one| grant(on, one));
        }
        StepId::GrantOnColumns { relation, to } => {
            for (on, grants) in &source.grants {
                if matches!(on, Securable::Column(of, _) if of == relation) {
                    grants.iter().filter(|one| one.grantee == *to).for_each(|one| grant(on, one));
                }
            }
        }
        StepId::GrantSystemPrivileges { to } => {
            target.system_privileges.insert(to.clone(), source.system_privileges[to].clone());
        }
        other => panic!("a step that the model does not know: {other}"),
    }
}

/// Columns take no grant option, and a view has one owner.
fn possible(facts: Vec<Fact>) -> Vec<Fact> {
    let mut views = BTreeSet::new();
    let possible = facts.into_iter().filter_map(|fact| match fact {
        Fact::Owner(view, owner) => views.insert(view).then_some(Fact::Owner(view, owner)),
        Fact::Granted(grantee, privilege, _, on @ Securable::Column(..)) => {
            Some(Fact::Granted(grantee, privilege, false, on))
        }
        Fact::Superuser(_) | Fact::Member(..) | Fact::Granted(..) | Fact::System(_) => Some(fact),
    });
    possible.collect()
}

proptest! {
    // Many, since what goes wrong may need two rights of the same user on the same object.
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn no_step_gives_more_and_after_the_last_one_nothing_is_left(
        facts in facts().prop_map(possible), had in proptest::collection::vec(any::<bool>(), 24),
    ) {
        let source = catalog(&facts);
        let some: Vec<Fact> = facts.iter().zip(&had).filter(|(_, had)| **had).map(|(fact, _)| fact.clone()).collect();
        let mut target = catalog(&some);
        let planned = |target: &Catalog| plan(&source, target, &scope(), &Furthest::new(), &Policy::default());
        let first = planned(&target);
        prop_assert!(first.blockers.is_empty(), "{:?}", first.blockers);
        for step in &first.steps {
            apply(step, &source, &mut target);
            let added = compare_rights(&source, &target, &scope()).added;
            prop_assert!(added.is_empty(), "{} gave {added:?}", step.id);
        }
        let again = planned(&target);
        prop_assert!(again.steps.is_empty(), "{:?}", again.steps);
        let found = Verification::of(
            &source, &target, &scope(), &Policy::default(), &first, Stage::BeforeData, &ApplyOutcome::new("j", "t", "r"),
        );
        prop_assert_eq!(found, Verification::default());
    }

    #[test]
    fn what_fails_and_what_waits_for_it_is_told_once(
        facts in facts().prop_map(possible), fails in proptest::collection::vec(any::<bool>(), 64),
    ) {
        let (source, mut target) = (catalog(&facts), catalog(&[]));
        let first = plan(&source, &target, &scope(), &Furthest::new(), &Policy::default());
        let (mut outcome, mut missing) = (ApplyOutcome::new("j", "t", "r"), BTreeSet::new());
        for (step, fails) in first.steps.iter().zip(fails.iter().cycle()) {
            if let Some(cause) = step.needs.iter().find(|need| missing.contains(*need)) {
                outcome.skipped.push(SkippedStep::new(step, cause));
                missing.insert(step.id.clone());
            } else if *fails {
                outcome.failed.push(FailedStep::of(step, ErrorKind::Denied, String::new(), String::new()));
                missing.insert(step.id.clone());
            } else {
                apply(step, &source, &mut target);
            }
        }
        let (policy, done) = (Policy::default(), Stage::BeforeData);
        let found = Verification::of(&source, &target, &scope(), &policy, &first, done, &outcome);
        prop_assert_eq!(found.lacking, []);
    }
}

//! Plans applied to a target in memory, step by step: nobody ever may more than on the source, and in the end nothing is left to do.

use super::warehouse::apply;
use super::*;
use crate::outcome::SkippedStep;

/// Columns take no grant option, a view has one owner, and an owner's privileges are no grants.
fn possible(facts: Vec<Fact>) -> Vec<Fact> {
    let mut views = BTreeSet::new();
    let owners: Vec<(&str, &str)> = facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::Owner(view, owner) => Some((*view, *owner)),
            _ => None,
        })
        .collect();
    let owns = |grantee: &Grantee, on: &Securable| {
        let first =
            owners.iter().find(|(name, _)| [Securable::Relation(view(name)), column(name)].contains(on));
        first.is_some_and(|(_, owner)| *grantee == user(owner))
    };
    let possible = facts.into_iter().filter_map(|fact| match fact {
        Fact::Granted(grantee, _, _, on) if owns(&grantee, &on) => None,
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
        let before = catalog(&some);
        let mut target = before.clone();
        let planned = |target: &Catalog| plan(&source, target, &scope(), &Furthest::new(), &Policy::default());
        let first = planned(&target);
        prop_assert!(first.blockers.is_empty(), "{:?}", first.blockers);
        for step in &first.steps {
            apply(step, &first, &source, &mut target);
            let added = judge(&source, &before, &target, &scope()).added;
            prop_assert!(added.is_empty(), "{} gave {added:?}", step.id);
        }
        let found = Verification::of(
            &source, &before, &target, &scope(), &Policy::default(), &first, Stage::BeforeData, &ApplyOutcome::new("j", "t", "r"),
        );
        prop_assert_eq!((found.lacking, found.added), (vec![], vec![]));
        // What was left out because of something that the run itself removed is done by the next start.
        let mut again = planned(&target);
        for _ in 0..3 {
            again.steps.iter().for_each(|step| apply(step, &again, &source, &mut target));
            again = planned(&target);
        }
        prop_assert!(again.steps.is_empty(), "{:?}", again.steps);
    }

    #[test]
    fn what_fails_and_what_waits_for_it_is_told_once(
        facts in facts().prop_map(possible), fails in proptest::collection::vec(any::<bool>(), 64),
    ) {
        let (source, before) = (catalog(&facts), catalog(&[]));
        let mut target = before.clone();
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
                apply(step, &first, &source, &mut target);
            }
        }
        let (policy, done) = (Policy::default(), Stage::BeforeData);
        let found = Verification::of(&source, &before, &target, &scope(), &policy, &first, done, &outcome);
        prop_assert_eq!(found.lacking, []);
    }
}

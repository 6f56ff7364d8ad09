//! Plans applied to a target in memory, step by step: nobody ever may more than on the source, and in the end nothing is left to do.

use super::*;
use crate::plan::Step;

/// Does to the target what a step's id says, with what the source holds.
fn apply(step: &Step, source: &Catalog, target: &mut Catalog) {
    let id = step.id.as_str();
    let mut is_known = false;
    for (name, group) in &source.groups {
        for member in group.members.iter().filter(|member| id == format!("add member {member} {name}")) {
            is_known |= target.groups.get_mut(name).unwrap().members.insert(member.clone());
        }
    }
    for (name, role) in &source.roles {
        let there = target.roles.get_mut(name).unwrap();
        let is_to = |holder: Grantee| id == format!("grant role {name} to {holder}");
        for (user, option) in role.users.iter().filter(|(user, _)| is_to(Grantee::User((*user).clone()))) {
            is_known |= there.users.insert(user.clone(), *option).is_none();
        }
        for holder in role.roles.iter().filter(|holder| is_to(Grantee::Role((*holder).clone()))) {
            is_known |= there.roles.insert(holder.clone());
        }
    }
    for (name, view) in &source.views {
        if id == format!("give {}", Securable::Relation(name.clone())) {
            target.views.get_mut(name).unwrap().owner = view.owner.clone();
            is_known = true;
        }
    }
    for (securable, grants) in &source.grants {
        for grant in grants {
            let option = if grant.grantable { " with grant option" } else { "" };
            let of_columns = match securable {
                Securable::Column(relation, _) => {
                    format!("grant on columns of {relation} to {}", grant.grantee)
                }
                _ => format!("grant on {securable} to {}{option}", grant.grantee),
            };
            if id == of_columns {
                target.grants.entry(securable.clone()).or_default().insert(grant.clone());
                is_known = true;
            }
        }
    }
    for (grantee, privileges) in &source.system_privileges {
        if id == format!("grant system permissions to {grantee}") {
            target.system_privileges.insert(grantee.clone(), privileges.clone());
            is_known = true;
        }
    }
    assert!(is_known, "a step that the model does not know, or that does nothing: {id}");
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
}

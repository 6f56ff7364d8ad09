//! Which password a new user gets, and whether it becomes a superuser with it.

use super::{Context, Draft, NewPassword, StepId, Subject};
use crate::catalog::User;
use crate::name::Identifier;

/// Plans the password of a user that this plan creates; says whether the user becomes a superuser.
///
/// Who logs in through IAM or an identity provider never has one (`r_CREATE_USER`, EXTERNALID; Management Guide,
/// `generating-user-credentials`).
pub(super) fn plan_password(context: &Context, name: &Identifier, user: &User, draft: &mut Draft) -> bool {
    if user.is_external(name) {
        return false;
    }
    let superuser = context.policy.keeps_superuser(user);
    let Some(source) = context.policy.password_of(name) else {
        draft.leave(Subject::user(name), context.policy.without_password(superuser));
        return false;
    };
    draft.passwords.push(NewPassword { user: name.clone(), step: StepId::user(name), source, superuser });
    superuser
}

#[cfg(test)]
mod tests {
    use super::super::{Furthest, Passwords, Plan, Policy, Superusers, plan};
    use super::*;
    use crate::catalog::{Catalog, Schema, SchemaKind};
    use crate::password::PasswordSource;
    use crate::scope::Scope;
    use std::collections::BTreeSet;

    fn id(name: &str) -> Identifier {
        Identifier::new(name).unwrap()
    }

    /// A schema of root, who is a superuser, and of three users whose names hold the tenant's.
    fn source() -> Catalog {
        let mut source = Catalog::default();
        source.schemas.insert(id("shop"), Schema { owner: id("root"), kind: SchemaKind::UNLIMITED });
        for name in ["root", "shop_ann", "shop_bob", "IAM:shop_cy"] {
            let user = User { superuser: name == "root", ..User::ordinary() };
            source.users.insert(id(name), user);
        }
        source
    }

    fn planned(target: &Catalog, passwords: Passwords, superusers: Superusers) -> Plan {
        let source = source();
        let scope = Scope::of(&source, &[id("shop")], "shop").unwrap();
        plan(
            &source,
            target,
            &scope,
            &Furthest::new(),
            &Policy { passwords, superusers, ..Policy::default() },
        )
    }

    fn passwords(plan: &Plan) -> Vec<(&str, PasswordSource, bool)> {
        plan.passwords.iter().map(|new| (new.user.as_str(), new.source, new.superuser)).collect()
    }

    fn listed(plan: &Plan, user: &str) -> bool {
        plan.not_carried_over.iter().any(|note| note.subject.to_string() == format!("user {user}"))
    }

    #[test]
    fn every_new_user_gets_a_password_and_one_that_exists_keeps_its_own() {
        let mut target = Catalog::default();
        target.users.insert(id("shop_bob"), source().users[&id("shop_bob")].clone());
        let plan = planned(&target, Passwords::Generate, Superusers::Ordinary);
        let generated = PasswordSource::Generated;
        assert_eq!(passwords(&plan), [("root", generated, false), ("shop_ann", generated, false)]);
        assert!(!listed(&plan, "shop_ann") && listed(&plan, "root"), "{:?}", plan.not_carried_over);
        for password in &plan.passwords {
            assert!(plan.steps.iter().any(|step| step.id == password.step), "{password:?}");
        }
    }

    #[test]
    fn a_superuser_is_kept_with_a_password_alone() {
        let bare = Catalog::default();
        let kept = planned(&bare, Passwords::Generate, Superusers::Keep);
        assert_eq!(passwords(&kept)[0], ("root", PasswordSource::Generated, true));
        assert!(!listed(&kept, "root"));
        let refused = planned(&bare, Passwords::Disable, Superusers::Keep);
        assert!(refused.passwords.is_empty() && listed(&refused, "root") && listed(&refused, "shop_ann"));
        assert!(!refused.to_sql().contains("CREATEUSER"));
    }

    #[test]
    fn a_hash_that_the_source_does_not_show_is_listed() {
        let shown = Passwords::Hash(BTreeSet::from([id("shop_ann"), id("IAM:shop_cy")]));
        let plan = planned(&Catalog::default(), shown, Superusers::Keep);
        assert_eq!(passwords(&plan), [("shop_ann", PasswordSource::SourceHash, false)]);
        assert!(listed(&plan, "shop_bob") && listed(&plan, "root") && !listed(&plan, "shop_ann"));
    }

    #[test]
    fn the_policy_is_part_of_the_plan_and_of_its_script() {
        let bare = Catalog::default();
        let (disabled, generated) = (
            planned(&bare, Passwords::Disable, Superusers::Ordinary),
            planned(&bare, Passwords::Generate, Superusers::Keep),
        );
        assert_ne!(disabled.sha256(), generated.sha256());
        let line =
            "-- user \"root\": the job gives it a password and makes it a superuser: one that is generated";
        assert!(generated.to_sql().contains(line), "{}", generated.to_sql());
    }
}

//! Causes of notes on privileges of any kind.

use crate::catalog::{Grantee, Securable};
use crate::name::{Identifier, QualifiedName};
use crate::statement::Sql;
use std::collections::BTreeSet;
use std::fmt;

const NEWER_VERSION: &str = "revoke it on the source, or use a version that knows it";
const REVOKE_OR_GRANT: &str = "revoke it on the target, or grant it on the source";

causes! {
    /// Notes on privileges.
    PrivilegeCause {
        AllowsNothing =>
            "GRANT ALL left them in the source's catalog; Redshift has neither rules nor triggers, so they allow nothing",
            "none is needed";
        UnknownRoutine =>
            "the catalog lists rights on it, and no such routine",
            "compare its argument types on the source; grant the rights on the target by hand";
        Unknown => "this version does not know the privilege and grants nothing by guess", NEWER_VERSION;
        GranteeNotThere =>
            "the grantee is neither moved nor on the target",
            "create the grantee on the target and grant it there";
        ReachesOthers =>
            "on the target it would reach the objects of others in the database",
            "GRANT … IN DATABASE on the target, if the grantee may reach all of it";
        Everybodys =>
            "everybody has it on the source; on the target that would be others' users, too",
            "GRANT … TO PUBLIC on the target, if everybody there may";
        NothingToName => "the target's catalog does not say what to name in a GRANT", "grant it on the target";
        OnlyOnTarget => "the target grants it and the source does not", REVOKE_OR_GRANT;
        TakenFromOneself =>
            "the owner took it from itself on the target, and has it on the source",
            "GRANT it to the owner on the target, if it is to have it there";
        ReachesTargetsOwn { example: Securable } =>
            format!("it would reach {}, which only the target has", example.plain()),
            "GRANT it on the target, if the grantee may reach that; or drop or move there what only the target has";
        ShowsAnother { object: Securable, another: Securable } =>
            format!(
                "{} reads or calls {}, which is missing on the target, or has another definition or owner there",
                object.plain(),
                another.plain()
            ),
            "make both sides alike and start the job again; or GRANT it on the target, once you have seen what it shows and who may change that";
        Opens { object: Securable, holder: Grantee } =>
            format!(
                "{} holds a privilege on {} on the target, which is another than on the source, and lacks USAGE of its schema: with it that \
                 would come into effect",
                holder.plain(),
                object.plain()
            ),
            "REVOKE that privilege on the target and start the job again; or GRANT USAGE there, once you have seen what it opens";
        ActsForAnother { object: Securable, owner: Identifier } =>
            format!(
                "{} would act with the privileges of {}, who owns it on the target and not on the source",
                object.plain(),
                owner.as_str()
            ),
            "give the object its owner on the target, or use --OWNERS keep, and start the job again; or GRANT it there";
        ClausesNotKnown { object: Securable } =>
            format!(
                "{} acts with its owner's privileges, and SHOW PROCEDURE does not tell whether it sets a search_path: without one its callers \
                 decide what its bare names are of",
                object.plain()
            ),
            "see what SHOW PROCEDURE prints on the source, replace the procedure on the target with its SET clause, and GRANT it there";
        ActsForSuperuser { object: Securable, owner: Identifier, reaches: Reaches } =>
            format!(
                "{} acts with the privileges of {}, a superuser on the target, and {}",
                object.plain(),
                owner.as_str(),
                reaches
            ),
            "GRANT it on the target, once you have seen that what it reaches there is the tenant's to read and change";
        ActsForOneWhoMayMore { object: Securable, owner: Identifier, reaches: Reaches } =>
            format!(
                "{} acts with the privileges of {}, who may do more on the target than on the source, and {}",
                object.plain(),
                owner.as_str(),
                reaches
            ),
            "GRANT it on the target, once you have seen that what it reaches there is the tenant's to read and change";
        ActsForTenant { owner: Identifier, relation: Option<QualifiedName> } =>
            format!(
                "it acts with the privileges of {}, who gets the tenant's with this run: its users would come to use {}",
                owner.as_str(),
                relation.as_ref().map_or("all of them".to_owned(), QualifiedName::plain)
            ),
            "REVOKE it on the target, or give the object another owner there";
    }
}

/// What something that acts for its owner names, or that it runs statements that no text shows.
/// What something reaches that acts for its owner, beyond the tenant's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reaches {
    /// Relations that its text may name: a bare name may be of any schema.
    pub names: BTreeSet<QualifiedName>,
    /// Whether names do not tell all of it.
    pub any_statement: bool,
}

impl fmt::Display for Reaches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.names.iter().map(QualifiedName::plain).collect();
        let said = if names.is_empty() { None } else { Some(format!("names {}", names.join(", "))) };
        let runs = "runs statements that it puts together or that act on more than relations".to_owned();
        f.write_str(
            &said.into_iter().chain(self.any_statement.then_some(runs)).collect::<Vec<_>>().join(", and "),
        )
    }
}

causes! {
    /// Notes on system permissions.
    SystemPrivilegeCause {
        NotOfARole => "GRANT gives system permissions to roles only", "grant it to a role of the user's";
        RedshiftsOwn =>
            "the target's version of Redshift gives its own role less",
            "wait for the target's update, or grant it to a role of your own";
        Unknown => "this version does not know the permission and grants nothing by guess", NEWER_VERSION;
        RoleNotThere =>
            "the role is neither moved nor on the target",
            "create it on the target and grant it there";
        OnlyOnTarget => "the target grants the system permission and the source does not", REVOKE_OR_GRANT;
    }
}

causes! {
    /// Notes on what objects to come give by themselves.
    DefaultPrivilegeCause {
        OnlyOnTarget =>
            "the target gives it to objects to come and the source does not",
            "ALTER DEFAULT PRIVILEGES … REVOKE on the target, or GRANT on the source";
        AllowsNothing => "it allows nothing on Redshift, and GRANT cannot grant it", "none is needed";
        Unknown => "this version does not know the privilege and grants nothing by guess", NEWER_VERSION;
        OwnerNotThere =>
            "the user whose objects they are is neither moved nor on the target",
            "ALTER DEFAULT PRIVILEGES on the target, for who creates objects there";
        GranteeNotThere =>
            "the grantee is neither moved nor on the target",
            "create the grantee on the target, then ALTER DEFAULT PRIVILEGES";
        // `r_ALTER_DEFAULT_PRIVILEGES`: GRANT lists no ALTER, and REVOKE no DROP.
        CannotBeSaid =>
            "only GRANT ALL gives it by default, and what that gives beyond the source no REVOKE can take away again",
            "GRANT it on the objects as they are created, or ALTER DEFAULT PRIVILEGES … GRANT ALL on the target, if the grantee may \
             have all";
        WouldWiden { example: Securable } =>
            format!("by it {} would be wider than on the source as soon as it is created", example.plain()),
            "ALTER DEFAULT PRIVILEGES … REVOKE on the target; grant it again after the run";
    }
}

causes! {
    /// Notes on ASSUMEROLE.
    AssumeRoleCause {
        OnlyOnTarget { command: String } =>
            format!("the target gives it for {command}, and the source does not"),
            "REVOKE ASSUMEROLE on the target, if the tenant is not to have it";
        OfAnAccount { grant: Sql } =>
            "an IAM role is of one account, and the target's may be another",
            format!(
                "associate a role with the target, then {grant}, with that role's ARN; REVOKE ASSUMEROLE from PUBLIC, if the source has"
            );
    }
}

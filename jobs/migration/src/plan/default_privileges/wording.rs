//! How default privileges are said: GRANT lists fewer of them than there are, and REVOKE fewer than GRANT
//! (`r_ALTER_DEFAULT_PRIVILEGES`).
//!
//! What no GRANT lists is given with ALL, and a REVOKE in the same step, hence in the same transaction, takes away again what
//! the source does not give: nobody else sees more. Where that REVOKE would have to name what none can, the rest is given and
//! this is noted.

use super::gives;
use crate::catalog::{DefaultPrivileges, Grant, Grantee, Privilege};
use crate::statement::{self, Sql};
use std::collections::BTreeSet;

/// The statements that give a grantee what it lacks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wording<'a> {
    /// In their order; none where nothing can be said.
    pub sql: Vec<Sql>,
    /// What they give.
    pub given: BTreeSet<&'a Privilege>,
    /// What none of them can give.
    pub unsaid: BTreeSet<&'a Privilege>,
}

/// Gives `missing`, all with or all without the grant option. `source` is what the source gives by this rule to all: with what the
/// target gives already, which is no more, a grantee must not get beyond it.
pub(super) fn say<'a>(
    rule: &DefaultPrivileges,
    source: &BTreeSet<Grant>,
    grantee: &Grantee,
    grantable: bool,
    missing: BTreeSet<&'a Privilege>,
) -> Wording<'a> {
    let (listed, unlisted): (BTreeSet<_>, BTreeSet<_>) =
        missing.iter().copied().partition(|privilege| rule.on.has_in_grant(privilege));
    if !unlisted.is_empty()
        && let Some(sql) = all_but(rule, source, grantee, grantable)
    {
        return Wording { sql, given: missing, unsaid: BTreeSet::new() };
    }
    let list = (!listed.is_empty())
        .then(|| statement::grant_by_default(listed.iter().copied(), rule, grantee, grantable));
    Wording { sql: list.flatten().into_iter().collect(), given: listed, unsaid: unlisted }
}

/// ALL, without what the source does not give; none where no REVOKE can say that.
fn all_but(
    rule: &DefaultPrivileges,
    source: &BTreeSet<Grant>,
    grantee: &Grantee,
    grantable: bool,
) -> Option<Vec<Sql>> {
    let gives = |privilege: &Privilege, grantable| {
        gives(source, &Grant { grantee: grantee.clone(), privilege: privilege.clone(), grantable })
    };
    let (mut sql, mut beyond, mut option) =
        (vec![statement::grant_all_by_default(rule, grantee, grantable)], Vec::new(), Vec::new());
    for privilege in rule.on.all() {
        match (gives(privilege, false), gives(privilege, true)) {
            (false, _) => beyond.push(privilege),
            (true, false) if grantable => option.push(privilege),
            (true, _) => {}
        }
    }
    if !beyond.is_empty() {
        sql.push(statement::revoke_by_default(beyond, rule, grantee)?);
    }
    if !option.is_empty() {
        sql.push(statement::revoke_option_by_default(option, rule, grantee)?);
    }
    Some(sql)
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::id;
    use super::*;
    use crate::catalog::NewObject;
    use Privilege::{Alter, Delete, Drop, Execute, Insert, References, Select, Truncate, Update};

    /// The statements without what all of them begin with, and what is left unsaid.
    fn said(
        on: NewObject,
        source: &[(Privilege, bool)],
        grantable: bool,
        missing: &[Privilege],
    ) -> (Vec<String>, Vec<Privilege>) {
        let rule = DefaultPrivileges { owner: id("ann"), schema: None, on };
        let bob = Grantee::User(id("bob"));
        let grant = |(privilege, grantable): &(Privilege, bool)| Grant {
            grantee: bob.clone(),
            privilege: privilege.clone(),
            grantable: *grantable,
        };
        // What others are given is no concern of bob's.
        let others = NewObject::Tables.all().iter().map(|privilege| Grant {
            grantee: Grantee::Public,
            privilege: privilege.clone(),
            grantable: false,
        });
        let source = source.iter().map(grant).chain(others).collect();
        let wording = say(&rule, &source, &bob, grantable, missing.iter().collect());
        let text = |sql: &Sql| {
            sql.as_str().trim_start_matches("ALTER DEFAULT PRIVILEGES FOR USER \"ann\" ").to_owned()
        };
        assert_eq!(wording.given.len() + wording.unsaid.len(), missing.len());
        (wording.sql.iter().map(text).collect(), wording.unsaid.into_iter().cloned().collect())
    }

    fn plain(privileges: &[Privilege]) -> Vec<(Privilege, bool)> {
        privileges.iter().map(|privilege| (privilege.clone(), false)).collect()
    }

    #[test]
    fn what_grant_lists_is_listed() {
        let some = [Select, Drop, Truncate];
        assert_eq!(
            said(NewObject::Tables, &plain(&some), false, &some),
            (vec![r#"GRANT SELECT, DROP, TRUNCATE ON TABLES TO "bob""#.to_owned()], vec![])
        );
        for on in [NewObject::Functions, NewObject::Procedures] {
            let expected = format!("GRANT EXECUTE ON {} TO \"bob\" WITH GRANT OPTION", on.keyword());
            assert_eq!(said(on, &[(Execute, true)], true, &[Execute]), (vec![expected], vec![]));
        }
    }

    #[test]
    fn all_is_said_as_all() {
        let all = NewObject::Tables.all();
        assert_eq!(
            said(NewObject::Tables, &plain(all), false, all),
            (vec![r#"GRANT ALL PRIVILEGES ON TABLES TO "bob""#.to_owned()], vec![])
        );
        // The target lacks nothing but what no GRANT lists.
        assert_eq!(
            said(NewObject::Tables, &plain(all), false, &[Alter]).0,
            [r#"GRANT ALL PRIVILEGES ON TABLES TO "bob""#]
        );
    }

    #[test]
    fn a_part_that_no_list_can_name_is_all_without_the_rest() {
        let some = [Select, Drop, Alter];
        assert_eq!(
            said(NewObject::Tables, &plain(&some), false, &some),
            (
                vec![
                    r#"GRANT ALL PRIVILEGES ON TABLES TO "bob""#.to_owned(),
                    r#"REVOKE INSERT, UPDATE, DELETE, REFERENCES, TRUNCATE ON TABLES FROM "bob""#.to_owned(),
                ],
                vec![]
            )
        );
    }

    #[test]
    fn the_option_is_taken_from_what_the_source_gives_without_it() {
        let mut source = plain(&[Insert, Update, Delete, References]);
        source.extend([(Select, true), (Drop, true), (Alter, true)]);
        assert_eq!(
            said(NewObject::Tables, &source, true, &[Select, Drop, Alter]),
            (
                vec![
                    r#"GRANT ALL PRIVILEGES ON TABLES TO "bob" WITH GRANT OPTION"#.to_owned(),
                    r#"REVOKE TRUNCATE ON TABLES FROM "bob""#.to_owned(),
                    r#"REVOKE GRANT OPTION FOR INSERT, UPDATE, DELETE, REFERENCES ON TABLES FROM "bob""#
                        .to_owned(),
                ],
                vec![]
            )
        );
        // Without the option nothing is taken from what has it.
        let mut source = plain(&[Drop, Alter]);
        source.push((Select, true));
        assert_eq!(
            said(NewObject::Tables, &source, false, &[Drop, Alter]).0,
            [
                r#"GRANT ALL PRIVILEGES ON TABLES TO "bob""#,
                r#"REVOKE INSERT, UPDATE, DELETE, REFERENCES, TRUNCATE ON TABLES FROM "bob""#
            ]
        );
    }

    #[test]
    fn what_cannot_be_said_costs_itself_alone() {
        // REVOKE names no DROP.
        let some = [Select, Alter];
        assert_eq!(
            said(NewObject::Tables, &plain(&some), false, &some),
            (vec![r#"GRANT SELECT ON TABLES TO "bob""#.to_owned()], vec![Alter])
        );
        assert_eq!(said(NewObject::Tables, &plain(&[Alter]), false, &[Alter]), (vec![], vec![Alter]));
        let mut source = plain(&[Drop]);
        source.extend([(Select, true), (Alter, true)]);
        assert_eq!(
            said(NewObject::Tables, &source, true, &[Select, Alter]),
            (vec![r#"GRANT SELECT ON TABLES TO "bob" WITH GRANT OPTION"#.to_owned()], vec![Alter])
        );
    }
}

//! GRANT, and REVOKE of what came with an object, was lent for a statement, or its owner took from itself (`r_GRANT`, `r_REVOKE`,
//! `t_scoped-permissions`).

use super::{Sql, column_list};
use crate::catalog::{Grantee, ObjectKind, Privilege, RoutineKind, RoutineName};
use crate::name::{Identifier, QualifiedName};
use std::collections::{BTreeMap, BTreeSet};

/// What a GRANT names.
#[derive(Clone, Copy, Debug)]
pub enum GrantOn<'a> {
    /// A database.
    Database(&'a Identifier),
    /// A language of routines.
    Language(&'a Identifier),
    /// A schema.
    Schema(&'a Identifier),
    /// Every object of a kind in a schema, those to come too.
    EveryInSchema(ObjectKind, &'a Identifier),
    /// A table, view or materialized view: `TABLE` serves all.
    Relation(&'a QualifiedName),
    /// A function or procedure.
    Routine(RoutineKind, &'a RoutineName),
}

/// Grants privileges on one object to one grantee.
///
/// None when a privilege is unknown to this version: nothing is granted by guess.
pub fn grant_privileges<'a>(
    privileges: impl IntoIterator<Item = &'a Privilege>,
    on: &GrantOn,
    grantee: &Grantee,
    grantable: bool,
) -> Option<Sql> {
    let keywords = privileges.into_iter().map(Privilege::keyword).collect::<Option<Vec<_>>>()?.join(", ");
    let option = if grantable { " WITH GRANT OPTION" } else { "" };
    Some(Sql::rendered(format!("GRANT {keywords} {} TO {}{option}", render_on(on), render_grantee(grantee))))
}

/// Grants privileges on columns of one relation to one grantee. Columns take no grant option.
///
/// None when a privilege is unknown to this version.
pub fn grant_on_columns(
    columns: &BTreeMap<&Privilege, BTreeSet<&Identifier>>,
    relation: &QualifiedName,
    grantee: &Grantee,
) -> Option<Sql> {
    let mut privileges = Vec::new();
    for (privilege, columns) in columns {
        privileges.push(format!("{} ({})", privilege.keyword()?, column_list(columns.iter().copied())));
    }
    let (privileges, to) = (privileges.join(", "), render_grantee(grantee));
    Some(Sql::rendered(format!("GRANT {privileges} ON TABLE {relation} TO {to}")))
}

/// Takes privileges on one object from a user, who may be its owner.
///
/// None when a privilege is unknown to this version.
pub fn revoke_privileges<'a>(
    privileges: impl IntoIterator<Item = &'a Privilege>,
    on: &GrantOn,
    user: &Identifier,
) -> Option<Sql> {
    let keywords = privileges.into_iter().map(Privilege::keyword).collect::<Option<Vec<_>>>()?.join(", ");
    Some(Sql::rendered(format!("REVOKE {keywords} {} FROM {user}", render_on(on))))
}

/// Takes from everybody what a new function gives them.
pub fn revoke_execute_from_public(routine: &RoutineName, kind: RoutineKind) -> Sql {
    Sql::rendered(format!("REVOKE EXECUTE ON {} {routine} FROM PUBLIC", kind.keyword()))
}

fn render_on(on: &GrantOn) -> String {
    match on {
        GrantOn::Database(name) => format!("ON DATABASE {name}"),
        GrantOn::Language(name) => format!("ON LANGUAGE {name}"),
        GrantOn::Schema(name) => format!("ON SCHEMA {name}"),
        GrantOn::EveryInSchema(kind, name) => format!("FOR {} IN SCHEMA {name}", kind.keyword()),
        GrantOn::Relation(name) => format!("ON TABLE {name}"),
        GrantOn::Routine(kind, name) => format!("ON {} {name}", kind.keyword()),
    }
}

/// A grantee as GRANT and ALTER DEFAULT PRIVILEGES name it.
pub(super) fn render_grantee(grantee: &Grantee) -> String {
    match grantee {
        Grantee::Public => "PUBLIC".to_owned(),
        Grantee::User(name) => name.to_string(),
        Grantee::Group(name) => format!("GROUP {name}"),
        Grantee::Role(name) => format!("ROLE {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{id, qualified};
    use super::*;

    fn grant(privileges: &[Privilege], on: GrantOn, grantee: &Grantee, grantable: bool) -> Option<Sql> {
        grant_privileges(privileges, &on, grantee, grantable)
    }

    #[test]
    fn names_the_grantee_by_kind() {
        let table = qualified("s", "t");
        let select = [Privilege::Select, Privilege::Insert];
        let grant =
            |grantee: &Grantee, grantable| grant(&select, GrantOn::Relation(&table), grantee, grantable);
        insta::assert_snapshot!(
            grant(&Grantee::User(id("u")), true).unwrap(),
            @r#"GRANT SELECT, INSERT ON TABLE "s"."t" TO "u" WITH GRANT OPTION"#
        );
        insta::assert_snapshot!(
            grant(&Grantee::Group(id("g")), false).unwrap(),
            @r#"GRANT SELECT, INSERT ON TABLE "s"."t" TO GROUP "g""#
        );
        insta::assert_snapshot!(
            grant(&Grantee::Role(id("r \"x")), false).unwrap(),
            @r#"GRANT SELECT, INSERT ON TABLE "s"."t" TO ROLE "r ""x""#
        );
        insta::assert_snapshot!(
            grant(&Grantee::Public, false).unwrap(),
            @r#"GRANT SELECT, INSERT ON TABLE "s"."t" TO PUBLIC"#
        );
    }

    #[test]
    fn names_the_object_by_kind() {
        let (name, user) = (id("n"), Grantee::User(id("u")));
        let routine = RoutineName { name: qualified("s", "p"), argument_types: "integer".into() };
        insta::assert_snapshot!(
            grant(&[Privilege::Create, Privilege::Temporary], GrantOn::Database(&name), &user, true).unwrap(),
            @r#"GRANT CREATE, TEMPORARY ON DATABASE "n" TO "u" WITH GRANT OPTION"#
        );
        insta::assert_snapshot!(
            grant(&[Privilege::Usage], GrantOn::Language(&name), &user, false).unwrap(),
            @r#"GRANT USAGE ON LANGUAGE "n" TO "u""#
        );
        insta::assert_snapshot!(
            grant(&[Privilege::Usage, Privilege::Alter], GrantOn::Schema(&name), &user, false).unwrap(),
            @r#"GRANT USAGE, ALTER ON SCHEMA "n" TO "u""#
        );
        insta::assert_snapshot!(
            grant(&[Privilege::Select], GrantOn::EveryInSchema(ObjectKind::Tables, &name), &user, true).unwrap(),
            @r#"GRANT SELECT FOR TABLES IN SCHEMA "n" TO "u" WITH GRANT OPTION"#
        );
        insta::assert_snapshot!(
            grant(&[Privilege::Execute], GrantOn::Routine(RoutineKind::Procedure, &routine), &user, false).unwrap(),
            @r#"GRANT EXECUTE ON PROCEDURE "s"."p"(integer) TO "u""#
        );
    }

    #[test]
    fn columns_stand_beside_their_privilege() {
        let (a, b) = (id("a"), id("b \"c"));
        let columns = BTreeMap::from([
            (&Privilege::Select, BTreeSet::from([&a, &b])),
            (&Privilege::Update, BTreeSet::from([&a])),
        ]);
        insta::assert_snapshot!(
            grant_on_columns(&columns, &qualified("s", "t"), &Grantee::Public).unwrap(),
            @r#"GRANT SELECT ("a", "b ""c"), UPDATE ("a") ON TABLE "s"."t" TO PUBLIC"#
        );
    }

    #[test]
    fn takes_privileges_from_a_user() {
        let (table, schema, user) = (qualified("s", "t"), id("s"), id("u"));
        let revoke = |privileges: &[Privilege], on| revoke_privileges(privileges, &on, &user);
        insta::assert_snapshot!(
            revoke(&[Privilege::Insert, Privilege::Update], GrantOn::Relation(&table)).unwrap(),
            @r#"REVOKE INSERT, UPDATE ON TABLE "s"."t" FROM "u""#
        );
        insta::assert_snapshot!(
            revoke(&[Privilege::Create], GrantOn::Schema(&schema)).unwrap(),
            @r#"REVOKE CREATE ON SCHEMA "s" FROM "u""#
        );
        assert_eq!(revoke(&[Privilege::parse("FROBNICATE")], GrantOn::Relation(&table)), None);
    }

    #[test]
    fn an_unknown_privilege_is_not_rendered() {
        let (unknown, name) = (Privilege::parse("FROBNICATE"), id("n"));
        assert_eq!(
            grant(&[Privilege::Usage, unknown.clone()], GrantOn::Schema(&name), &Grantee::Public, false),
            None
        );
        let columns = BTreeMap::from([(&unknown, BTreeSet::from([&name]))]);
        assert_eq!(grant_on_columns(&columns, &qualified("s", "t"), &Grantee::Public), None);
    }
}

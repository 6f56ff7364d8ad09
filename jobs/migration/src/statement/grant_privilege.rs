//! GRANT and the one REVOKE of ours (`r_GRANT`, `r_REVOKE`).

use super::Sql;
use crate::catalog::{Grantee, Privilege, RoutineKind, RoutineName, Securable};

/// Grants privileges on one object to one grantee.
///
/// None when a privilege is unknown to this version, or the grantee is a role: nothing is granted by guess.
pub fn grant_privileges<'a>(
    privileges: impl IntoIterator<Item = &'a Privilege>,
    securable: &Securable,
    kind: Option<RoutineKind>,
    grantee: &Grantee,
    grantable: bool,
) -> Option<Sql> {
    let keywords = privileges.into_iter().map(Privilege::keyword).collect::<Option<Vec<_>>>()?.join(", ");
    let to = match grantee {
        Grantee::Public => "PUBLIC".to_owned(),
        Grantee::User(name) => name.to_string(),
        Grantee::Group(name) => format!("GROUP {name}"),
        Grantee::Role(_) => return None,
    };
    let option = if grantable { " WITH GRANT OPTION" } else { "" };
    let on = render_securable(securable, kind)?;
    Some(Sql::rendered(format!("GRANT {keywords} ON {on} TO {to}{option}")))
}

/// Takes from everybody what a new function gives them.
pub fn revoke_execute_from_public(routine: &RoutineName, kind: RoutineKind) -> Sql {
    Sql::rendered(format!("REVOKE EXECUTE ON {} {routine} FROM PUBLIC", kind.keyword()))
}

/// None for what is not granted by this statement alone.
fn render_securable(securable: &Securable, kind: Option<RoutineKind>) -> Option<String> {
    match securable {
        Securable::Schema(name) => Some(format!("SCHEMA {name}")),
        Securable::Relation(name) => Some(format!("TABLE {name}")),
        Securable::Routine(name) => {
            Some(format!("{} {name}", kind.unwrap_or(RoutineKind::Function).keyword()))
        }
        Securable::Database
        | Securable::Language(_)
        | Securable::EveryInDatabase(_)
        | Securable::EveryInSchema(..)
        | Securable::Column(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{id, qualified};
    use super::*;

    #[test]
    fn names_object_and_grantee_by_kind() {
        let table = Securable::Relation(qualified("s", "t"));
        let grant = |privileges: &[Privilege], grantee: &Grantee, grantable| {
            grant_privileges(privileges, &table, None, grantee, grantable)
        };
        let select = [Privilege::Select, Privilege::Insert];
        insta::assert_snapshot!(
            grant(&select, &Grantee::User(id("u")), true).unwrap(),
            @r#"GRANT SELECT, INSERT ON TABLE "s"."t" TO "u" WITH GRANT OPTION"#
        );
        insta::assert_snapshot!(
            grant(&select, &Grantee::Group(id("g")), false).unwrap(),
            @r#"GRANT SELECT, INSERT ON TABLE "s"."t" TO GROUP "g""#
        );
        insta::assert_snapshot!(
            grant(&select, &Grantee::Public, false).unwrap(),
            @r#"GRANT SELECT, INSERT ON TABLE "s"."t" TO PUBLIC"#
        );
        assert_eq!(grant(&[Privilege::parse("FROBNICATE")], &Grantee::Public, false), None);
        assert_eq!(grant(&select, &Grantee::Role(id("r")), false), None);
    }
}

//! ALTER DEFAULT PRIVILEGES (`r_ALTER_DEFAULT_PRIVILEGES`).

use super::Sql;
use super::grant_privilege::render_grantee;
use crate::catalog::{DefaultPrivileges, Grantee, Privilege};

/// Lets objects to come give privileges by themselves.
///
/// None when a privilege is unknown to this version: nothing is granted by guess.
pub fn grant_by_default<'a>(
    privileges: impl IntoIterator<Item = &'a Privilege>,
    on: &DefaultPrivileges,
    grantee: &Grantee,
    grantable: bool,
) -> Option<Sql> {
    let keywords = privileges.into_iter().map(Privilege::keyword).collect::<Option<Vec<_>>>()?.join(", ");
    let option = if grantable { " WITH GRANT OPTION" } else { "" };
    let (rule, kind, to) = (render_rule(on), on.on.keyword(), render_grantee(grantee));
    Some(Sql::rendered(format!("{rule} GRANT {keywords} ON {kind} TO {to}{option}")))
}

/// Lets functions to come give nothing to everybody.
pub fn revoke_execute_by_default(on: &DefaultPrivileges) -> Sql {
    Sql::rendered(format!("{} REVOKE EXECUTE ON {} FROM PUBLIC", render_rule(on), on.on.keyword()))
}

fn render_rule(on: &DefaultPrivileges) -> String {
    let place = on.schema.as_ref().map(|schema| format!(" IN SCHEMA {schema}")).unwrap_or_default();
    format!("ALTER DEFAULT PRIVILEGES FOR USER {}{place}", on.owner)
}

#[cfg(test)]
mod tests {
    use super::super::samples::id;
    use super::*;
    use crate::catalog::NewObject;

    #[test]
    fn names_whose_objects_and_where() {
        let on = |schema: Option<&str>, on| DefaultPrivileges { owner: id("u"), schema: schema.map(id), on };
        let select = [Privilege::Select, Privilege::Truncate];
        insta::assert_snapshot!(
            grant_by_default(&select, &on(Some("s"), NewObject::Tables), &Grantee::User(id("v")), true).unwrap(),
            @r#"ALTER DEFAULT PRIVILEGES FOR USER "u" IN SCHEMA "s" GRANT SELECT, TRUNCATE ON TABLES TO "v" WITH GRANT OPTION"#
        );
        insta::assert_snapshot!(
            grant_by_default(&[Privilege::Execute], &on(None, NewObject::Procedures), &Grantee::Role(id("r")), false).unwrap(),
            @r#"ALTER DEFAULT PRIVILEGES FOR USER "u" GRANT EXECUTE ON PROCEDURES TO ROLE "r""#
        );
        insta::assert_snapshot!(
            revoke_execute_by_default(&on(None, NewObject::Functions)),
            @r#"ALTER DEFAULT PRIVILEGES FOR USER "u" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"#
        );
        let unknown = [Privilege::parse("FROBNICATE")];
        assert_eq!(grant_by_default(&unknown, &on(None, NewObject::Tables), &Grantee::Public, false), None);
    }
}

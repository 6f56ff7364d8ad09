//! ALTER DEFAULT PRIVILEGES (`r_ALTER_DEFAULT_PRIVILEGES`).

use super::Sql;
use super::grant_privilege::render_grantee;
use crate::catalog::{DefaultPrivileges, Grantee, Privilege};

/// Lets objects to come give privileges by themselves.
///
/// None when GRANT lists no such privilege: nothing is granted by guess.
pub fn grant_by_default<'a>(
    privileges: impl IntoIterator<Item = &'a Privilege>,
    on: &DefaultPrivileges,
    grantee: &Grantee,
    grantable: bool,
) -> Option<Sql> {
    let keywords = keywords(privileges, |privilege| on.on.has_in_grant(privilege))?;
    Some(grant(&keywords, on, grantee, grantable))
}

/// Lets objects to come give all that there is: more than [`grant_by_default`] can list.
pub fn grant_all_by_default(on: &DefaultPrivileges, grantee: &Grantee, grantable: bool) -> Sql {
    grant("ALL PRIVILEGES", on, grantee, grantable)
}

fn grant(what: &str, on: &DefaultPrivileges, grantee: &Grantee, grantable: bool) -> Sql {
    let option = if grantable { " WITH GRANT OPTION" } else { "" };
    let (rule, kind, to) = (render_rule(on), on.on.keyword(), render_grantee(grantee));
    Sql::rendered(format!("{rule} GRANT {what} ON {kind} TO {to}{option}"))
}

/// Lets objects to come give these privileges no more.
///
/// None when REVOKE lists no such privilege.
pub fn revoke_by_default<'a>(
    privileges: impl IntoIterator<Item = &'a Privilege>,
    on: &DefaultPrivileges,
    grantee: &Grantee,
) -> Option<Sql> {
    revoke("", privileges, on, grantee)
}

/// Lets objects to come give these privileges without the grant option.
///
/// None when REVOKE lists no such privilege.
pub fn revoke_option_by_default<'a>(
    privileges: impl IntoIterator<Item = &'a Privilege>,
    on: &DefaultPrivileges,
    grantee: &Grantee,
) -> Option<Sql> {
    revoke("GRANT OPTION FOR ", privileges, on, grantee)
}

fn revoke<'a>(
    option: &str,
    privileges: impl IntoIterator<Item = &'a Privilege>,
    on: &DefaultPrivileges,
    grantee: &Grantee,
) -> Option<Sql> {
    let keywords = keywords(privileges, |privilege| on.on.has_in_revoke(privilege))?;
    let (rule, kind, from) = (render_rule(on), on.on.keyword(), render_grantee(grantee));
    Some(Sql::rendered(format!("{rule} REVOKE {option}{keywords} ON {kind} FROM {from}")))
}

/// The keywords of privileges; none when one of them cannot be listed.
fn keywords<'a>(
    privileges: impl IntoIterator<Item = &'a Privilege>,
    is_listed: impl Fn(&Privilege) -> bool,
) -> Option<String> {
    let keyword = |privilege: &'a Privilege| privilege.keyword().filter(|_| is_listed(privilege));
    Some(privileges.into_iter().map(keyword).collect::<Option<Vec<_>>>()?.join(", "))
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
        let (tables, group) = (on(None, NewObject::Tables), Grantee::Group(id("g")));
        insta::assert_snapshot!(
            grant_all_by_default(&tables, &group, false),
            @r#"ALTER DEFAULT PRIVILEGES FOR USER "u" GRANT ALL PRIVILEGES ON TABLES TO GROUP "g""#
        );
        insta::assert_snapshot!(
            revoke_by_default(&select, &tables, &group).unwrap(),
            @r#"ALTER DEFAULT PRIVILEGES FOR USER "u" REVOKE SELECT, TRUNCATE ON TABLES FROM GROUP "g""#
        );
        insta::assert_snapshot!(
            revoke_option_by_default(&select, &on(Some("s"), NewObject::Tables), &Grantee::User(id("v"))).unwrap(),
            @r#"ALTER DEFAULT PRIVILEGES FOR USER "u" IN SCHEMA "s" REVOKE GRANT OPTION FOR SELECT, TRUNCATE ON TABLES FROM "v""#
        );
    }

    #[test]
    fn what_no_list_names_is_not_rendered() {
        let on = |on| DefaultPrivileges { owner: id("u"), schema: None, on };
        let (tables, functions) = (on(NewObject::Tables), on(NewObject::Functions));
        let grant = |privilege, on| grant_by_default([&privilege], on, &Grantee::Public, false).is_some();
        let revoke = |privilege, on| {
            let listed = revoke_by_default([&privilege], on, &Grantee::Public).is_some();
            assert_eq!(revoke_option_by_default([&privilege], on, &Grantee::Public).is_some(), listed);
            listed
        };
        assert!(grant(Privilege::Drop, &tables) && !revoke(Privilege::Drop, &tables));
        assert!(!grant(Privilege::Alter, &tables) && !revoke(Privilege::Alter, &tables));
        assert!(grant(Privilege::Truncate, &tables) && revoke(Privilege::Truncate, &tables));
        assert!(!grant(Privilege::Execute, &tables) && !grant(Privilege::Select, &functions));
        assert!(!grant(Privilege::parse("FROBNICATE"), &tables) && !revoke(Privilege::Rule, &tables));
    }
}

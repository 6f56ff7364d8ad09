//! GRANT of system permissions (`r_GRANT`): to roles alone.

use super::Sql;
use crate::catalog::SystemPrivilege;
use crate::name::Identifier;

/// Grants system permissions to a role. None when one is unknown to this version: nothing is granted by guess.
pub fn grant_system_privileges<'a>(
    privileges: impl IntoIterator<Item = &'a SystemPrivilege>,
    role: &Identifier,
) -> Option<Sql> {
    let keywords =
        privileges.into_iter().map(SystemPrivilege::keywords).collect::<Option<Vec<_>>>()?.join(", ");
    Some(Sql::rendered(format!("GRANT {keywords} TO ROLE {role}")))
}

#[cfg(test)]
mod tests {
    use super::super::samples::id;
    use super::*;

    #[test]
    fn names_permissions_that_r_grant_knows() {
        let grant = |names: &[&str]| {
            let privileges: Vec<_> = names.iter().map(|name| SystemPrivilege::parse(name)).collect();
            grant_system_privileges(&privileges, &id("r"))
        };
        insta::assert_snapshot!(
            grant(&["create or replace external function", "ACCESS SYSTEM TABLE"]).unwrap(),
            @r#"GRANT CREATE OR REPLACE EXTERNAL FUNCTION, ACCESS SYSTEM TABLE TO ROLE "r""#
        );
        assert_eq!(grant(&["VACUUM", "FROBNICATE"]), None);
    }
}

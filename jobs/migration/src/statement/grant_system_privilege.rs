//! GRANT of system permissions (`r_GRANT`): to roles alone.

use super::Sql;
use crate::catalog::SystemPrivilege;
use crate::name::Identifier;

/// Grants system permissions to a role, each by a statement of its own: the page has EXPLAIN RLS, IGNORE RLS and EXPLAIN MASKING in the
/// list of permissions and in statements of their own as well. None when one is unknown to this version: nothing is granted by guess.
pub fn grant_system_privileges<'a>(
    privileges: impl IntoIterator<Item = &'a SystemPrivilege>,
    role: &Identifier,
) -> Option<Vec<Sql>> {
    let keywords = privileges.into_iter().map(SystemPrivilege::keywords).collect::<Option<Vec<_>>>()?;
    Some(keywords.iter().map(|keywords| Sql::rendered(format!("GRANT {keywords} TO ROLE {role}"))).collect())
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
        let granted = grant(&["create or replace external function", "EXPLAIN RLS"]).unwrap();
        let granted: Vec<String> = granted.iter().map(Sql::terminated).collect();
        insta::assert_snapshot!(granted.join("\n"), @r#"
        GRANT CREATE OR REPLACE EXTERNAL FUNCTION TO ROLE "r";
        GRANT EXPLAIN RLS TO ROLE "r";
        "#);
        assert_eq!(grant(&["VACUUM", "FROBNICATE"]), None);
    }
}

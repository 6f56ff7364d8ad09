//! CREATE ROLE, ALTER ROLE … OWNER TO, GRANT ROLE (`r_CREATE_ROLE`, `r_ALTER_ROLE`, `r_GRANT`).

use super::Sql;
use crate::name::Identifier;

/// Creates a role, which belongs to whoever runs this.
pub fn create_role(name: &Identifier) -> Sql {
    Sql::rendered(format!("CREATE ROLE {name}"))
}

/// Gives a role to another user.
pub fn alter_role_owner(role: &Identifier, owner: &Identifier) -> Sql {
    Sql::rendered(format!("ALTER ROLE {role} OWNER TO {owner}"))
}

/// Lets a user have a role; WITH ADMIN OPTION the user may grant it, too.
pub fn grant_role_to_user(role: &Identifier, user: &Identifier, admin_option: bool) -> Sql {
    let option = if admin_option { " WITH ADMIN OPTION" } else { "" };
    Sql::rendered(format!("GRANT ROLE {role} TO {user}{option}"))
}

/// Lets a role have the rights of another.
pub fn grant_role_to_role(role: &Identifier, to: &Identifier) -> Sql {
    Sql::rendered(format!("GRANT ROLE {role} TO ROLE {to}"))
}

#[cfg(test)]
mod tests {
    use super::super::samples::id;
    use super::*;

    #[test]
    fn renders_roles_and_who_has_them() {
        let (role, other, user) = (id("r"), id("sys:monitor"), id("u \"x"));
        insta::assert_snapshot!(create_role(&role), @r#"CREATE ROLE "r""#);
        insta::assert_snapshot!(alter_role_owner(&role, &user), @r#"ALTER ROLE "r" OWNER TO "u ""x""#);
        insta::assert_snapshot!(grant_role_to_user(&role, &user, true), @r#"GRANT ROLE "r" TO "u ""x" WITH ADMIN OPTION"#);
        insta::assert_snapshot!(grant_role_to_user(&other, &user, false), @r#"GRANT ROLE "sys:monitor" TO "u ""x""#);
        insta::assert_snapshot!(grant_role_to_role(&other, &role), @r#"GRANT ROLE "sys:monitor" TO ROLE "r""#);
    }
}

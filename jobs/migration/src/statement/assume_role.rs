//! GRANT ASSUMEROLE (`r_GRANT`, `r_GRANT-usage-notes`): shown to people, never sent, since an IAM role belongs to one account.

use super::Sql;
use super::grant_privilege::render_grantee;
use crate::catalog::{AssumeRole, Grantee};
use crate::name::Literal;

/// Lets a grantee name an IAM role in commands, as the catalog spells these.
pub fn grant_assume_role<'a>(
    iam_role: &str,
    commands: impl IntoIterator<Item = &'a str>,
    grantee: &Grantee,
) -> Sql {
    let role = match iam_role {
        AssumeRole::DEFAULT => "DEFAULT".to_owned(),
        AssumeRole::EVERY => "ALL".to_owned(),
        arn => Literal::text(arn).to_string(),
    };
    let commands: Vec<&str> = commands.into_iter().map(keywords).collect();
    let (commands, to) = (commands.join(", "), render_grantee(grantee));
    Sql::rendered(format!("GRANT ASSUMEROLE ON {role} TO {to} FOR {commands}"))
}

/// `r_SVV_IAM_PRIVILEGES` shortens one of the commands.
fn keywords(command: &str) -> &str {
    if command == "EXFUNC" { "EXTERNAL FUNCTION" } else { command }
}

#[cfg(test)]
mod tests {
    use super::super::samples::id;
    use super::*;

    #[test]
    fn names_the_role_and_the_commands() {
        insta::assert_snapshot!(
            grant_assume_role("arn:aws:iam::123456789012:role/a", ["COPY", "EXFUNC"], &Grantee::Role(id("r"))),
            @r#"GRANT ASSUMEROLE ON 'arn:aws:iam::123456789012:role/a' TO ROLE "r" FOR COPY, EXTERNAL FUNCTION"#
        );
        insta::assert_snapshot!(
            grant_assume_role(AssumeRole::DEFAULT, ["CREATE MODEL"], &Grantee::User(id("u"))),
            @r#"GRANT ASSUMEROLE ON DEFAULT TO "u" FOR CREATE MODEL"#
        );
        insta::assert_snapshot!(
            grant_assume_role(AssumeRole::EVERY, ["UNLOAD"], &Grantee::Group(id("g"))),
            @r#"GRANT ASSUMEROLE ON ALL TO GROUP "g" FOR UNLOAD"#
        );
    }
}

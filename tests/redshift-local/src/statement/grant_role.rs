//! GRANT and REVOKE of roles (`r_GRANT`, `r_REVOKE`).

use super::cursor::Cursor;
use super::principal::{Kind, Principal, expect_principal, expect_role, literals};
use super::{StatementError, Translation};

/// Whether the statement is about roles.
pub fn is_one(cursor: &Cursor<'_, '_>) -> bool {
    [&["grant", "role"][..], &["revoke", "role"], &["revoke", "admin", "option", "for", "role"]]
        .iter()
        .any(|words| cursor.clone().take_words(words))
}

/// GRANT ROLE name [, ROLE …] TO { user [ WITH ADMIN OPTION ] | ROLE name } [, …], and
/// REVOKE [ ADMIN OPTION FOR ] ROLE name [, ROLE …] FROM { user | ROLE name } [, …].
pub fn translate(mut cursor: Cursor<'_, '_>) -> Result<Translation, StatementError> {
    let grants = cursor.take_word("grant");
    if !grants {
        cursor.expect_word("revoke")?;
    }
    let option_only = cursor.take_words(&["admin", "option", "for"]);
    let roles = cursor.expect_separated(|cursor| {
        cursor.expect_word("role")?;
        expect_role(cursor)
    })?;
    cursor.expect_word(if grants { "to" } else { "from" })?;
    // Only users administer roles.
    let members = cursor.expect_separated(|cursor| {
        let before = cursor.clone();
        let member = expect_principal(cursor)?;
        let fits = match member.kind {
            Kind::User => true,
            Kind::Role => !option_only,
            Kind::Group | Kind::Public => false,
        };
        if !fits {
            return Err(before.unexpected());
        }
        let option = member.kind == Kind::User && grants && cursor.take_words(&["with", "admin", "option"]);
        Ok((member, option))
    })?;
    cursor.expect_end()?;
    let change = if grants { "grant" } else { "revoke" };
    let statements = [(false, option_only), (true, true)]
        .into_iter()
        .filter_map(|(administers, option)| {
            let members: Vec<&Principal> =
                members.iter().filter(|(_, admin)| *admin == administers).map(|(member, _)| member).collect();
            (!members.is_empty()).then(|| {
                format!(
                    "CALL redshift_catalog.rs_grant_role('{change}', {}, {}, {option})",
                    literals(&roles),
                    literals(members)
                )
            })
        })
        .collect();
    Ok(Translation::block(statements).with_tag(if grants { "GRANT ROLE" } else { "REVOKE ROLE" }))
}

//! CREATE SCHEMA (`r_CREATE_SCHEMA`).

use super::Sql;
use crate::name::Identifier;

/// Creates a schema that belongs to `owner`, or else to whoever runs the statement; without a quota it is UNLIMITED.
pub fn create_schema(name: &Identifier, owner: Option<&Identifier>, quota_mb: Option<u32>) -> Sql {
    let authorization = owner.map(|owner| format!(" AUTHORIZATION {owner}")).unwrap_or_default();
    let quota = quota_mb.map(|megabytes| format!(" QUOTA {megabytes} MB")).unwrap_or_default();
    Sql::rendered(format!("CREATE SCHEMA {name}{authorization}{quota}"))
}

#[cfg(test)]
mod tests {
    use super::super::samples::id;
    use super::*;

    #[test]
    fn says_owner_and_quota_where_there_are_any() {
        insta::assert_snapshot!(create_schema(&id("s"), None, None), @r#"CREATE SCHEMA "s""#);
        insta::assert_snapshot!(
            create_schema(&id("s"), Some(&id("o")), Some(2048)),
            @r#"CREATE SCHEMA "s" AUTHORIZATION "o" QUOTA 2048 MB"#
        );
    }
}

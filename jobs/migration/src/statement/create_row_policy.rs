//! CREATE RLS POLICY (`r_CREATE_RLS_POLICY`).

use super::{Sql, policy_columns};
use crate::catalog::RowPolicy;
use crate::name::Identifier;

/// Creates a row-level security policy; it holds for nobody until it is attached.
pub fn create_row_policy(name: &Identifier, policy: &RowPolicy) -> Sql {
    let alias = policy.alias.as_ref().map(|alias| format!(" AS {alias}")).unwrap_or_default();
    let with = match policy.columns.as_slice() {
        [] => String::new(),
        columns => format!("\nWITH ({}){alias}", policy_columns(columns)),
    };
    Sql::rendered(format!("CREATE RLS POLICY {name}{with}\nUSING ({})", policy.predicate.trim()))
}

#[cfg(test)]
mod tests {
    use super::super::samples::id;
    use super::*;
    use crate::catalog::PolicyColumn;

    #[test]
    fn the_columns_and_the_alias_may_be_left_out() {
        let column = PolicyColumn { name: id("a b"), data_type: "character varying(10)".into() };
        let policy =
            RowPolicy { columns: vec![column], alias: Some(id("t")), predicate: r#""t"."a b" = 'x'"#.into() };
        insta::assert_snapshot!(create_row_policy(&id("by category"), &policy), @r#"
        CREATE RLS POLICY "by category"
        WITH ("a b" character varying(10)) AS "t"
        USING ("t"."a b" = 'x')
        "#);
        let policy = RowPolicy { columns: vec![], alias: None, predicate: "true".into() };
        insta::assert_snapshot!(create_row_policy(&id("all"), &policy), @r#"
        CREATE RLS POLICY "all"
        USING (true)
        "#);
    }
}

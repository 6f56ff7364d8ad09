//! CREATE MASKING POLICY (`r_CREATE_MASKING_POLICY`).

use super::{Sql, policy_columns};
use crate::catalog::MaskingPolicy;
use crate::name::Identifier;

/// Creates a masking policy; it masks nothing until it is attached.
pub fn create_masking_policy(name: &Identifier, policy: &MaskingPolicy) -> Sql {
    Sql::rendered(format!(
        "CREATE MASKING POLICY {name}\nWITH ({})\nUSING ({})",
        policy_columns(&policy.columns),
        policy.expression.trim()
    ))
}

#[cfg(test)]
mod tests {
    use super::super::samples::id;
    use super::*;
    use crate::catalog::PolicyColumn;

    #[test]
    fn renders_columns_and_expression() {
        let column = |name, data_type: &str| PolicyColumn { name: id(name), data_type: data_type.into() };
        let policy = MaskingPolicy {
            columns: vec![column("card", "character varying(20)"), column("b", "integer")],
            expression: "LEFT(card, 4)".into(),
        };
        insta::assert_snapshot!(create_masking_policy(&id("m"), &policy), @r#"
        CREATE MASKING POLICY "m"
        WITH ("card" character varying(20), "b" integer)
        USING (LEFT(card, 4))
        "#);
    }
}

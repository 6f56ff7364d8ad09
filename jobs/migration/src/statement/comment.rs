//! COMMENT (`r_COMMENT`).

use super::Sql;
use crate::catalog::Commentable;
use crate::name::Literal;

/// Comments on something that has no comment yet.
pub fn comment(on: &Commentable, text: &str) -> Sql {
    Sql::rendered(format!("COMMENT ON {on} IS {}", Literal::text(text)))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{id, qualified};
    use super::*;

    #[test]
    fn names_the_kind_of_object() {
        let text = r"it's \ here";
        insta::assert_snapshot!(
            comment(&Commentable::Table(qualified("s", "t")), text),
            @r#"COMMENT ON TABLE "s"."t" IS 'it''s \\ here'"#
        );
        insta::assert_snapshot!(
            comment(&Commentable::View(qualified("s", "v")), text),
            @r#"COMMENT ON VIEW "s"."v" IS 'it''s \\ here'"#
        );
        insta::assert_snapshot!(
            comment(&Commentable::Column(qualified("s", "t"), id("a b")), text),
            @r#"COMMENT ON COLUMN "s"."t"."a b" IS 'it''s \\ here'"#
        );
        insta::assert_snapshot!(
            comment(&Commentable::Constraint(qualified("s", "t"), id("pk")), text),
            @r#"COMMENT ON CONSTRAINT "pk" ON "s"."t" IS 'it''s \\ here'"#
        );
    }
}

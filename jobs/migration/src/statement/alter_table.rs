//! ALTER TABLE (`r_ALTER_TABLE`), for what loses nothing.

use super::Sql;
use super::create_table::{describe_collation, render_column};
use crate::catalog::Column;
use crate::name::{Identifier, QualifiedName};

/// Adds a column at the end; `automatic_encoding` leaves its encoding to Redshift. The page has COLLATE in the syntax, where the usage notes
/// of `r_CREATE_TABLE_NEW` say that it is not supported: the first hour asks.
pub fn add_column(table: &QualifiedName, column: &Column, automatic_encoding: bool) -> Sql {
    let not_null = if column.not_null { " NOT NULL" } else { "" };
    let (attributes, collate) = (render_column(column, automatic_encoding), describe_collation(column));
    Sql::rendered(format!("ALTER TABLE {table} ADD COLUMN {attributes}{not_null}{collate}"))
}

/// Lets a VARCHAR column take longer text. Not in a transaction.
pub fn widen_column(table: &QualifiedName, column: &Identifier, data_type: &str) -> Sql {
    Sql::rendered(format!("ALTER TABLE {table} ALTER COLUMN {column} TYPE {data_type}"))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{id, qualified};
    use super::*;
    use crate::catalog::{Collation, DefaultValue};

    #[test]
    fn a_new_column_is_as_in_create_table() {
        let column = Column {
            name: id("c"),
            data_type: "integer".into(),
            not_null: true,
            default: Some(DefaultValue::Expression("3".into())),
            encoding: "az64".into(),
            collation: None,
        };
        insta::assert_snapshot!(
            add_column(&qualified("s", "t"), &column, false),
            @r#"ALTER TABLE "s"."t" ADD COLUMN "c" integer DEFAULT 3 ENCODE AZ64 NOT NULL"#
        );
        insta::assert_snapshot!(
            add_column(&qualified("s", "t"), &column, true),
            @r#"ALTER TABLE "s"."t" ADD COLUMN "c" integer DEFAULT 3 NOT NULL"#
        );
        let text = Column {
            data_type: "character(3)".into(),
            collation: Some(Collation::CaseInsensitive),
            default: None,
            ..column
        };
        insta::assert_snapshot!(
            add_column(&qualified("s", "t"), &text, true),
            @r#"ALTER TABLE "s"."t" ADD COLUMN "c" character(3) NOT NULL COLLATE CASE_INSENSITIVE"#
        );
        insta::assert_snapshot!(
            widen_column(&qualified("s", "t"), &id("c"), "character varying(20)"),
            @r#"ALTER TABLE "s"."t" ALTER COLUMN "c" TYPE character varying(20)"#
        );
    }
}

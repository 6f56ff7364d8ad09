//! ALTER … OWNER TO (`r_ALTER_TABLE`, `r_ALTER_SCHEMA`, `r_ALTER_FUNCTION`, `r_ALTER_PROCEDURE`).

use super::Sql;
use crate::catalog::{RoutineKind, RoutineName};
use crate::name::{Identifier, QualifiedName};

/// What can be given another owner.
#[derive(Clone, Debug)]
pub enum Ownable<'a> {
    /// A schema.
    Schema(&'a Identifier),
    /// A table or view: `ALTER TABLE` serves both.
    Relation(&'a QualifiedName),
    /// A function or procedure.
    Routine(RoutineKind, &'a RoutineName),
}

/// Gives an object to another user.
pub fn alter_owner(object: &Ownable, owner: &Identifier) -> Sql {
    Sql::rendered(match object {
        Ownable::Schema(name) => format!("ALTER SCHEMA {name} OWNER TO {owner}"),
        Ownable::Relation(name) => format!("ALTER TABLE {name} OWNER TO {owner}"),
        Ownable::Routine(kind, name) => format!("ALTER {} {name} OWNER TO {owner}", kind.keyword()),
    })
}

#[cfg(test)]
mod tests {
    use super::super::samples::{id, qualified};
    use super::*;

    #[test]
    fn names_the_kind_of_object() {
        let (schema, table, owner) = (id("s"), qualified("s", "t"), id("o\"x"));
        let routine = RoutineName { name: qualified("s", "f"), argument_types: "integer".into() };
        insta::assert_snapshot!(alter_owner(&Ownable::Schema(&schema), &owner), @r#"ALTER SCHEMA "s" OWNER TO "o""x""#);
        insta::assert_snapshot!(alter_owner(&Ownable::Relation(&table), &owner), @r#"ALTER TABLE "s"."t" OWNER TO "o""x""#);
        insta::assert_snapshot!(
            alter_owner(&Ownable::Routine(RoutineKind::Procedure, &routine), &owner),
            @r#"ALTER PROCEDURE "s"."f"(integer) OWNER TO "o""x""#
        );
    }
}

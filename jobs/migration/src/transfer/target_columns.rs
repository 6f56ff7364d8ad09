//! Whether the target's table takes the source's rows as they are.

use super::DataType;
use crate::catalog::{Column, DefaultValue, Identity};
use crate::name::Identifier;

/// A column of the table on the target, as it is when the load begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetColumn {
    /// Its name.
    pub name: Identifier,
    /// Its type as `format_type` prints it.
    pub data_type: String,
    /// NOT NULL.
    pub not_null: bool,
    /// DEFAULT or IDENTITY.
    pub default: Option<DefaultValue>,
}

impl From<&Column> for TargetColumn {
    fn from(column: &Column) -> Self {
        Self {
            name: column.name.clone(),
            data_type: column.data_type.clone(),
            not_null: column.not_null,
            default: column.default.clone(),
        }
    }
}

impl TargetColumn {
    /// How it counts, if it is an IDENTITY.
    pub fn identity(&self) -> Option<Identity> {
        self.default.as_ref().and_then(DefaultValue::identity)
    }
}

/// Why it does not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetMisfit {
    /// A column is missing.
    #[error("the table on the target has no column {}", .0.as_str())]
    Missing(Identifier),
    /// A column would change values, or refuse them.
    #[error("column {} is {target} on the target and {origin} on the source", column.as_str())]
    Type {
        /// The column.
        column: Identifier,
        /// Its type on the target.
        target: String,
        /// Its type on the source.
        origin: String,
    },
    /// A column that no row brings a value for.
    #[error("column {} of the target is NOT NULL, has no default, and is not on the source", .0.as_str())]
    Unfilled(Identifier),
}

/// Checks that each column of the source is on the target with the same type, or as a longer text; what else the target has must
/// take NULL or have a default. The order does not matter: COPY names its columns (`copy-parameters-column-mapping`).
pub fn check_target_columns(source: &[Column], target: &[TargetColumn]) -> Result<(), TargetMisfit> {
    for column in source {
        let found = target.iter().find(|found| found.name == column.name);
        let found = found.ok_or_else(|| TargetMisfit::Missing(column.name.clone()))?;
        if !takes(&found.data_type, &column.data_type) {
            return Err(TargetMisfit::Type {
                column: column.name.clone(),
                target: found.data_type.clone(),
                origin: column.data_type.clone(),
            });
        }
    }
    let unfilled = target.iter().find(|found| {
        found.not_null && found.default.is_none() && source.iter().all(|column| column.name != found.name)
    });
    unfilled.map_or(Ok(()), |found| Err(TargetMisfit::Unfilled(found.name.clone())))
}

fn takes(target: &str, source: &str) -> bool {
    let length =
        |printed: &str| -> Option<u32> { printed.split_once('(')?.1.trim_end_matches(')').parse().ok() };
    match DataType::of(source) {
        // Blanks fill a longer CHAR up, which do not count (r_Character_types).
        Some(kind @ (DataType::VarChar | DataType::Char | DataType::VarByte)) => {
            DataType::of(target) == Some(kind) && length(target) >= length(source)
        }
        _ => target.eq_ignore_ascii_case(source),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> Identifier {
        Identifier::new(name).unwrap()
    }

    fn check(source: &[(&str, &str)], target: &[(&str, &str, bool)]) -> Result<(), String> {
        let source: Vec<Column> = source
            .iter()
            .map(|(name, data_type)| Column {
                name: id(name),
                data_type: (*data_type).to_owned(),
                not_null: false,
                default: None,
                encoding: "none".into(),
                collation: None,
            })
            .collect();
        let target: Vec<TargetColumn> = target
            .iter()
            .map(|(name, data_type, not_null)| TargetColumn {
                name: id(name),
                data_type: (*data_type).to_owned(),
                not_null: *not_null,
                default: None,
            })
            .collect();
        check_target_columns(&source, &target).map_err(|misfit| misfit.to_string())
    }

    #[test]
    fn order_length_of_text_and_columns_that_take_null_may_differ() {
        let target = [("more", "date", false), ("b", "character varying(20)", false), ("a", "integer", true)];
        assert_eq!(check(&[("a", "integer"), ("b", "character varying(10)")], &target), Ok(()));
    }

    #[test]
    fn what_would_change_or_refuse_values_is_named() {
        for (column, target, message) in [
            ("integer", ("b", "integer", false), "the table on the target has no column a"),
            ("integer", ("a", "bigint", false), "column a is bigint on the target and integer on the source"),
            (
                "character varying(10)",
                ("a", "character varying(9)", false),
                "column a is character varying(9) on the target and character varying(10) on the source",
            ),
            (
                "numeric(10,2)",
                ("a", "numeric(10,3)", false),
                "column a is numeric(10,3) on the target and numeric(10,2) on the source",
            ),
        ] {
            assert_eq!(check(&[("a", column)], &[target]).unwrap_err(), message);
        }
        let more = [("a", "date", false), ("more", "integer", true)];
        assert_eq!(
            check(&[("a", "date")], &more).unwrap_err(),
            "column more of the target is NOT NULL, has no default, and is not on the source"
        );
    }
}

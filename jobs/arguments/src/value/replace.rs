//! Which tables' rows may be replaced on the target.

use std::str::FromStr;

use migration::name::QualifiedName;

use crate::value::{TableName, ValueError, parse_tables};

/// The tables of the target whose rows may be replaced although no run of the tenant loaded them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Replace {
    /// None.
    #[default]
    Nothing,
    /// These.
    Tables(Vec<TableName>),
    /// Every table of the tenant.
    All,
}

impl Replace {
    /// Whether it names a table. A name without a schema names every table of that name.
    pub fn names(&self, table: &QualifiedName) -> bool {
        match self {
            Self::Nothing => false,
            Self::Tables(names) => names.iter().any(|name| is(name, table)),
            Self::All => true,
        }
    }

    /// The first name that fits none of these tables, or several of them although it gives no schema.
    pub fn misfit(&self, tables: &[&QualifiedName]) -> Option<&TableName> {
        let Self::Tables(names) = self else { return None };
        names.iter().find(|name| tables.iter().filter(|table| is(name, table)).count() != 1)
    }
}

fn is(name: &TableName, table: &QualifiedName) -> bool {
    name.table == table.name && name.schema.as_ref().is_none_or(|schema| *schema == table.schema)
}

impl FromStr for Replace {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        match text.trim() {
            "all" => Ok(Self::All),
            text => parse_tables(text).map(Self::Tables),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Replace;
    use migration::name::{Identifier, QualifiedName};

    fn table(schema: &str, name: &str) -> QualifiedName {
        QualifiedName::new(Identifier::new(schema).unwrap(), Identifier::new(name).unwrap())
    }

    #[test]
    fn only_what_is_named_may_be_replaced() {
        let tables = [table("a", "t"), table("b", "t"), table("a", "all")];
        let named = |text: &str| {
            let replace: Replace = text.parse().unwrap();
            tables.each_ref().map(|table| replace.names(table))
        };
        assert_eq!(named("all"), [true, true, true]);
        assert_eq!(named("\"all\""), [false, false, true]);
        assert_eq!(named("a.t"), [true, false, false]);
        assert_eq!(tables.each_ref().map(|table| Replace::Nothing.names(table)), [false; 3]);
        assert!("".parse::<Replace>().is_err() && "a.t,".parse::<Replace>().is_err());
    }

    #[test]
    fn a_name_that_fits_no_table_or_several_is_told() {
        let tables = [table("a", "t"), table("b", "t"), table("a", "u")];
        let misfit = |text: &str| {
            let replace: Replace = text.parse().unwrap();
            replace.misfit(&tables.each_ref()).map(ToString::to_string)
        };
        assert_eq!(misfit("a.t,u"), None);
        assert_eq!(misfit("a.t,t").as_deref(), Some("\"t\""));
        assert_eq!(misfit("c.t").as_deref(), Some("\"c\".\"t\""));
        assert_eq!(misfit("all"), None);
    }
}

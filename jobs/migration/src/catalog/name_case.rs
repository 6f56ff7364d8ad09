//! Whether names in quotes kept their case where a text was written (`r_enable_case_sensitive_identifier`): no catalog says so.

use super::Catalog;
use crate::name::{Identifier, QualifiedName};
use crate::text::capitals_in_quotes;
use std::collections::BTreeSet;

impl Catalog {
    /// Whether names in quotes kept their case for who wrote the text of `object`. They did where a spelling with capitals is that of
    /// something in this catalog. Otherwise they are taken to have done what they do by default; none where that is not known.
    pub fn case_kept(&self, object: &QualifiedName, text: &str) -> Option<bool> {
        let own = [&object.schema, &object.name];
        let written: BTreeSet<Identifier> = capitals_in_quotes(text).collect();
        let is_mixed = |name: &&Identifier| name.as_str().bytes().any(|byte| byte.is_ascii_uppercase());
        if own.iter().any(is_mixed)
            || (!written.is_empty() && self.names().any(|name| written.contains(name)))
        {
            return Some(true);
        }
        self.case_sensitive
    }

    /// The names that a text may say: of schemas, relations, columns and routines.
    fn names(&self) -> impl Iterator<Item = &Identifier> {
        let relations = self.tables.keys().chain(self.views.keys()).chain(self.materialized_views.keys());
        let columns = self.tables.values().flat_map(|table| &table.columns).map(|column| &column.name);
        let routines = self.routines.keys().map(|routine| &routine.name.name);
        self.schemas.keys().chain(relations.map(|name| &name.name)).chain(columns).chain(routines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Column, Table};

    #[test]
    fn a_spelling_of_the_catalog_tells_and_otherwise_the_default_does() {
        let id = |name: &str| Identifier::new(name).unwrap();
        let name = |name: &str| QualifiedName::new(id("s"), id(name));
        let column = Column {
            name: id("Amount"),
            data_type: "integer".to_owned(),
            not_null: false,
            default: None,
            encoding: "none".into(),
            collation: None,
        };
        let tables = [(name("T"), Table::plain("ann", vec![column]))].into();
        let catalog = Catalog { case_sensitive: Some(false), tables, ..Catalog::default() };
        for (object, text, kept) in [
            ("v", "SELECT 1 FROM s.\"T\"", true),
            ("v", "SELECT \"Amount\" FROM s.t", true),
            ("v", "SELECT \"AMOUNT\", 'Amount' FROM s.t /* \"T\" */", false),
            ("v", "SELECT amount FROM s.t", false),
            ("V", "SELECT 1", true),
        ] {
            assert_eq!(catalog.case_kept(&name(object), text), Some(kept), "{text}");
        }
        assert_eq!(Catalog::default().case_kept(&name("v"), "SELECT \"A\""), None);
    }
}

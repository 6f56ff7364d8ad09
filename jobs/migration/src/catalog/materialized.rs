//! What Redshift keeps behind a materialized view, and what the view reads.
//!
//! The rule of a materialized view reads its storage table alone, so PG_DEPEND does not tell what the view reads
//! (amazon-redshift-utils, issue 499). Its text does, which the catalog keeps as it was written.

use super::{Catalog, MaterializedView};
use crate::name::{Identifier, QualifiedName};
use crate::text::{Act, Reading, Usage, usages};
use std::collections::BTreeSet;

/// The schema that every search path ends with by default (`r_search_path`).
const PUBLIC: &str = "public";

impl Catalog {
    /// Whether a relation or routine is what Redshift keeps behind a materialized view of this catalog: its table,
    /// `mv_tbl__<view>__<n>`, or a procedure, `mv_sp__<view>__<n>_<n>` with `_cascade` behind it where the view reads others (seen in
    /// public listings; no page names them). The view must exist: a user may call a table so.
    pub fn is_behind_materialized_view(&self, name: &QualifiedName) -> bool {
        let internal = name.name.as_str();
        let view = match internal.strip_prefix("mv_tbl__") {
            Some(rest) => rest.strip_suffix("__tmp").unwrap_or(rest).rsplit_once("__"),
            None => internal
                .strip_prefix("mv_sp__")
                .and_then(|rest| rest.strip_suffix("_cascade").unwrap_or(rest).rsplit_once("__")),
        };
        let Some((view, numbers)) = view else { return false };
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        numbers.split('_').all(is_number)
            && Identifier::new(view).is_ok_and(|view| {
                self.materialized_views.contains_key(&QualifiedName::new(name.schema.clone(), view))
            })
    }

    /// Adds to what each materialized view reads the relations of this catalog that its text reads, and takes out what lies behind
    /// it. All relations must be in the catalog by then.
    pub fn complete_materialized_views(&mut self) {
        let read: Vec<(QualifiedName, BTreeSet<QualifiedName>)> = self
            .materialized_views
            .iter()
            .map(|(name, view)| {
                let tracked = view.reads.iter().filter(|read| !self.is_behind_materialized_view(read));
                let read = usages(&view.definition, Reading::Sql);
                let read = read.iter().filter(|usage| usage.act == Act::Read);
                let found = read.filter_map(|usage| self.found_by(&name.schema, usage));
                (name.clone(), tracked.cloned().chain(found).filter(|read| read != name).collect())
            })
            .collect();
        for (name, reads) in read {
            if let Some(view) = self.materialized_views.get_mut(&name) {
                view.reads = reads;
            }
        }
    }

    /// A name without a schema in the text of a materialized view that both the view's own schema and `public` have. Which of them
    /// the view reads, the search path of its creator decided (`r_search_path`).
    pub fn ambiguous_name(&self, name: &QualifiedName, view: &MaterializedView) -> Option<Identifier> {
        let public = Identifier::new(PUBLIC).ok().filter(|public| *public != name.schema)?;
        let both = |bare: &Identifier| {
            [&name.schema, &public]
                .into_iter()
                .all(|schema| self.relation(&QualifiedName::new(schema.clone(), bare.clone())).is_some())
        };
        let mut read = usages(&view.definition, Reading::Sql).into_iter();
        read.find(|usage| usage.schema.is_none() && both(&usage.name)).map(|usage| usage.name)
    }

    /// The relation that a name in the text of a materialized view is of: one without a schema lies in the view's own, or in
    /// `public`.
    fn found_by(&self, schema: &Identifier, usage: &Usage) -> Option<QualifiedName> {
        let in_schema = |schema: &Identifier| {
            self.relation(&QualifiedName::new(schema.clone(), usage.name.clone())).cloned()
        };
        match &usage.schema {
            Some(schema) => in_schema(schema),
            None => in_schema(schema).or_else(|| in_schema(&Identifier::new(PUBLIC).ok()?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Table;

    fn name(schema: &str, name: &str) -> QualifiedName {
        QualifiedName::new(Identifier::new(schema).unwrap(), Identifier::new(name).unwrap())
    }

    fn view(definition: &str, reads: &[QualifiedName]) -> MaterializedView {
        MaterializedView {
            owner: Identifier::new("ann").unwrap(),
            definition: definition.to_owned(),
            reads: reads.iter().cloned().collect(),
            auto_refresh: false,
            broken: None,
        }
    }

    fn catalog(definition: &str, reads: &[QualifiedName]) -> Catalog {
        let mut catalog = Catalog::default();
        catalog.materialized_views.insert(name("s", "daily__1"), view(definition, reads));
        for table in [name("s", "t"), name("s", "Mixed"), name("public", "t"), name("public", "u")] {
            catalog.tables.insert(table, Table::plain("ann", vec![]));
        }
        catalog
    }

    #[test]
    fn what_lies_behind_a_view_is_told_from_what_is_called_so() {
        let catalog = catalog("", &[]);
        for internal in [
            "mv_tbl__daily__1__0",
            "mv_tbl__daily__1__12__tmp",
            "mv_sp__daily__1__0_1",
            "mv_sp__daily__1__4_2_cascade",
            "mv_sp__daily__1__3",
        ] {
            assert!(catalog.is_behind_materialized_view(&name("s", internal)), "{internal}");
            assert!(!catalog.is_behind_materialized_view(&name("public", internal)), "{internal}");
        }
        for own in [
            "mv_tbl__weekly__0",
            "mv_tbl__daily__1",
            "mv_tbl__daily__1__x",
            "mv_tbl__daily__1__",
            "mv_sp__daily__1__0_1_other",
            "mv_sp__daily__1__0__1x",
            "mv_sp____0_1",
            "daily__1",
        ] {
            assert!(!catalog.is_behind_materialized_view(&name("s", own)), "{own}");
        }
    }

    #[test]
    fn a_bare_name_of_two_schemas_is_ambiguous() {
        let ambiguous = |definition: &str| {
            let catalog = catalog(definition, &[]);
            let (name, view) = catalog.materialized_views.first_key_value().unwrap();
            catalog.ambiguous_name(name, view).map(|name| name.as_str().to_owned())
        };
        assert_eq!(ambiguous("CREATE MATERIALIZED VIEW s.daily__1 AS SELECT 1 FROM t").as_deref(), Some("t"));
        for definition in
            ["SELECT 1 FROM s.t", "SELECT 1 FROM public.t", "SELECT 1 FROM u", "SELECT t FROM u"]
        {
            assert_eq!(ambiguous(&format!("CREATE MATERIALIZED VIEW s.daily__1 AS {definition}")), None);
        }
    }

    #[test]
    fn a_view_reads_what_its_text_reads() {
        let behind = name("s", "mv_tbl__daily__1__0");
        let other = name("s", "hourly");
        for (definition, expected) in [
            (
                "CREATE MATERIALIZED VIEW daily__1 AS SELECT t FROM t JOIN u ON t.a = u.a",
                vec![name("public", "u"), other.clone(), name("s", "t")],
            ),
            (
                "/* {\"app\": \"dbt\"} */ create materialized view \"dev\".\"s\".\"daily__1\" as (select * from \"dev\".\"public\".\"t\")",
                vec![name("public", "t"), other.clone()],
            ),
            (
                "CREATE MATERIALIZED VIEW s.daily__1 AS WITH u AS (SELECT 1 FROM \"Mixed\") SELECT 'FROM public.t' FROM u, s.daily__1",
                vec![name("s", "Mixed"), other.clone()],
            ),
            (
                "CREATE MATERIALIZED VIEW s.daily__1 AS SELECT 1 FROM elsewhere.t, nowhere",
                vec![other.clone()],
            ),
        ] {
            let mut catalog = catalog(definition, &[behind.clone(), other.clone()]);
            catalog.complete_materialized_views();
            let reads = catalog.materialized_views[&name("s", "daily__1")].reads.clone();
            assert_eq!(reads.into_iter().collect::<Vec<_>>(), expected, "{definition}");
        }
    }
}

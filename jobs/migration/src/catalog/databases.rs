//! What texts say of databases: of their own by its name, and of others.

use super::{Catalog, Language, Securable};
use crate::name::{Identifier, QualifiedName};
use crate::text::{Comments, Reading, rename_database, usages};
use std::collections::BTreeSet;

impl Catalog {
    /// Puts another name in the place of this database's own wherever a text of a view, a materialized view or a routine names an object of
    /// this catalog by it, and takes down which objects name another database besides, or this one where that cannot be told from
    /// something else: created in another database, such an object would read or write what it should not.
    pub fn rename_database(&mut self, to: &Identifier) {
        let Some(from) = self.database.clone() else { return };
        let mut texts = Vec::new();
        for (name, view) in self.views.iter().filter(|(_, view)| view.late_binding()) {
            texts.push((Securable::Relation(name.clone()), &view.definition, Reading::Sql));
        }
        for (name, view) in &self.materialized_views {
            texts.push((Securable::Relation(name.clone()), &view.definition, Reading::Sql));
        }
        for (name, routine) in &self.routines {
            let reading = match routine.language {
                Language::Sql => Reading::Sql,
                Language::Plpgsql => Reading::BodyWithLiterals,
                Language::Python | Language::Lambda | Language::Other(_) => continue,
            };
            texts.push((Securable::Routine(name.clone()), &routine.body, reading));
        }
        let mut renamed = Vec::new();
        for (on, text, reading) in texts {
            let mut others = databases_named(text, reading, |database| !database.contains(&from));
            if from != *to {
                let new = self.renamed(text, reading, &from, to);
                others.extend(databases_named(&new, reading, |database| database.contains(&from)));
                renamed.push((on.clone(), new));
            }
            if !others.is_empty() {
                self.names_databases.insert(on, others);
            }
        }
        for (on, text) in renamed {
            self.set_text(&on, text);
        }
        if from != *to {
            self.rename_database_in_policies(&from, to);
        }
    }

    /// A policy that names another database is refused where it is created or attached (`t_ddm-considerations`), and guards what waits for it.
    fn rename_database_in_policies(&mut self, from: &Identifier, to: &Identifier) {
        let mut policies = std::mem::take(&mut self.policies);
        let predicates = policies.row_policies.values_mut().map(|policy| &mut policy.predicate);
        let expressions = policies.masking_policies.values_mut().map(|policy| &mut policy.expression);
        for text in predicates.chain(expressions) {
            *text = self.renamed(text, Reading::Sql, from, to);
        }
        self.policies = policies;
    }

    /// A text with the other name. A body's comments may end in two ways: where these make a difference nothing is renamed.
    fn renamed(&self, text: &str, reading: Reading, from: &Identifier, to: &Identifier) -> String {
        let is_object = |name: &QualifiedName| {
            self.relation(name).is_some() || self.routines.keys().any(|routine| routine.name == *name)
        };
        let nested = rename_database(text, Comments::Nested, from, to, is_object);
        if reading == Reading::Sql || nested == rename_database(text, Comments::Flat, from, to, is_object) {
            return nested;
        }
        text.to_owned()
    }

    fn set_text(&mut self, on: &Securable, text: String) {
        match on {
            Securable::Relation(name) => {
                if let Some(view) = self.views.get_mut(name) {
                    view.definition = text;
                } else if let Some(view) = self.materialized_views.get_mut(name) {
                    view.definition = text;
                }
            }
            Securable::Routine(name) => {
                if let Some(routine) = self.routines.get_mut(name) {
                    routine.body = text;
                }
            }
            _ => {}
        }
    }
}

/// The relations of databases that a text names, `database.schema.relation`, where the database's spellings are as asked for.
fn databases_named(text: &str, reading: Reading, wanted: impl Fn(&[Identifier]) -> bool) -> BTreeSet<String> {
    let named = usages(text, reading)
        .into_iter()
        .filter(|usage| !usage.database.is_empty() && wanted(&usage.database));
    let plain = named.map(|usage| {
        let parts =
            usage.database.first().into_iter().chain(&usage.schema).chain(std::iter::once(&usage.name));
        parts.map(Identifier::as_str).collect::<Vec<_>>().join(".")
    });
    plain.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{
        MaterializedView, Routine, RoutineKind, RoutineName, RowPolicy, Table, View, Volatility,
    };

    fn id(name: &str) -> Identifier {
        Identifier::new(name).unwrap()
    }

    fn name(name: &str) -> QualifiedName {
        QualifiedName::new(id("s"), id(name))
    }

    fn late(text: &str) -> View {
        let definition = format!("CREATE VIEW \"s\".\"v\" AS {text} WITH NO SCHEMA BINDING");
        View { owner: id("ann"), definition, reads: BTreeSet::new(), calls: BTreeSet::new() }
    }

    fn procedure(body: &str) -> Routine {
        Routine {
            kind: RoutineKind::Procedure,
            owner: id("ann"),
            language: Language::Plpgsql,
            arguments: vec![],
            returns: None,
            volatility: Volatility::Volatile,
            security_definer: false,
            clauses: None,
            body: body.to_owned(),
            default_privileges: false,
        }
    }

    fn catalog() -> Catalog {
        let mut catalog = Catalog { database: Some(id("dev")), ..Catalog::default() };
        catalog.tables.insert(name("t"), Table::plain("ann", vec![]));
        catalog.views.insert(name("own"), late("SELECT * FROM \"dev\".\"s\".\"t\""));
        catalog.views.insert(name("other"), late("SELECT * FROM wh.s.t"));
        catalog.views.insert(name("gone"), late("SELECT * FROM dev.s.lost"));
        let definition = "CREATE MATERIALIZED VIEW dev.s.mv AS SELECT * FROM dev.s.t".to_owned();
        let view = MaterializedView {
            owner: id("ann"),
            definition,
            reads: BTreeSet::new(),
            auto_refresh: false,
            broken: None,
        };
        catalog.materialized_views.insert(name("mv"), view);
        let of = |procedure: &str| RoutineName { name: name(procedure), argument_types: String::new() };
        catalog.routines.insert(of("writes"), procedure("BEGIN INSERT INTO dev.s.t SELECT 1; END"));
        let predicate = "i IN (SELECT i FROM dev.s.t)".to_owned();
        catalog.policies.row_policies.insert(id("p"), RowPolicy { columns: vec![], alias: None, predicate });
        catalog.routines.insert(of("runs"), procedure("BEGIN EXECUTE 'DELETE FROM dev.s.t'; END"));
        catalog
    }

    #[test]
    fn the_own_name_is_replaced_and_every_other_is_taken_down() {
        let mut renamed = catalog();
        renamed.rename_database(&id("wh"));
        let text = |view: &str| renamed.views[&name(view)].definition.clone();
        assert!(text("own").contains("FROM \"wh\".\"s\".\"t\""), "{}", text("own"));
        assert!(renamed.materialized_views[&name("mv")].definition.ends_with("FROM \"wh\".s.t"));
        assert_eq!(renamed.policies.row_policies[&id("p")].predicate, "i IN (SELECT i FROM \"wh\".s.t)");
        let named: Vec<_> =
            renamed.names_databases.iter().map(|(on, named)| (on.plain(), named.clone())).collect();
        let expected = [("s.gone", "dev.s.lost"), ("s.other", "wh.s.t"), ("s.runs()", "dev.s.t")];
        let expected: Vec<_> =
            expected.map(|(on, named)| (on.to_owned(), BTreeSet::from([named.to_owned()]))).into();
        assert_eq!(named, expected);
    }

    #[test]
    fn a_database_of_the_same_name_keeps_its_texts() {
        let mut same = catalog();
        same.rename_database(&id("dev"));
        let named: Vec<_> = same.names_databases.keys().map(Securable::plain).collect();
        assert_eq!(named, ["s.other"]);
        same.names_databases.clear();
        assert_eq!(same, catalog());
    }
}

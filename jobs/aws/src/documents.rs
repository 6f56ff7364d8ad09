//! Where each document of the ledger must lie, by what it says of itself.

use migration::direction::{Directions, RunDirection};
use migration::outcome::{
    ApplyOutcome, LoadedTable, RunFailure, RunOutcome, TableItem, TableList, TableOutcome, Vacuumed,
};

use crate::{Document, RunKeys};

impl Document for ApplyOutcome {
    fn lies_at(&self, key: &str) -> bool {
        let keys = RunKeys::named(&self.tenant, &self.run_id);
        match self.job.as_str() {
            "migrate-schema" => key == keys.schema(),
            "refresh-views" => key == keys.views(),
            _ => false,
        }
    }
}

impl Document for TableOutcome {
    /// What it says was unloaded is only ever loaded from, and removed below, a folder of its own.
    fn lies_at(&self, key: &str) -> bool {
        let keys = RunKeys::named(&self.tenant, &self.run_id);
        let unloads = keys.unloads(&self.table.schema, &self.table.name);
        let is_ours = |folder: &str| {
            folder.strip_prefix(&unloads).is_some_and(|rest| rest.ends_with('/') && !rest.contains(".."))
        };
        key == keys.table(&self.table.schema, &self.table.name)
            && self.unloaded.as_ref().is_none_or(|unloaded| is_ours(&unloaded.folder))
    }
}

impl Document for Vacuumed {
    fn lies_at(&self, key: &str) -> bool {
        key == RunKeys::named(&self.tenant, &self.run_id).vacuumed()
    }
}

impl Document for RunOutcome {
    fn lies_at(&self, key: &str) -> bool {
        key == RunKeys::named(&self.tenant, &self.run_id).outcome()
    }
}

impl Document for Directions {
    const REMEDY: &str = "restore it; without it the next run of the tenant gives the direction";

    fn lies_at(&self, key: &str) -> bool {
        key == RunKeys::named(&self.tenant, "").direction()
    }
}

impl Document for RunDirection {
    fn lies_at(&self, key: &str) -> bool {
        key == RunKeys::named(&self.tenant, &self.run_id).run_direction()
    }
}

impl Document for LoadedTable {
    const REMEDY: &str = "remove it, and name the table in --REPLACE";

    fn lies_at(&self, key: &str) -> bool {
        key == RunKeys::named(&self.tenant, "").loaded(&self.place, &self.table)
    }
}

/// A list may be a file of the operator's.
impl Document for TableList {
    fn lies_at(&self, _: &str) -> bool {
        true
    }
}

/// The items name documents below `--S3_BUCKET`, each of which is looked at by itself.
impl Document for Vec<TableItem> {
    fn lies_at(&self, _: &str) -> bool {
        true
    }
}

/// The state machine writes it, and names it by the execution.
impl Document for RunFailure {
    fn lies_at(&self, _: &str) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use migration::direction::{Directions, Place};
    use migration::name::{Identifier, QualifiedName};
    use migration::outcome::{ApplyOutcome, LoadedTable, TableOutcome, Unloaded};
    use migration::transfer::Format;

    use crate::{Document, RunKeys};

    fn table(name: &str) -> QualifiedName {
        let id = |name: &str| Identifier::new(name).unwrap();
        QualifiedName::new(id("s"), id(name))
    }

    #[test]
    fn a_tables_outcome_lies_at_its_own_key_with_files_of_its_own() {
        let keys = RunKeys::named("acme", "r");
        let key = |name: &str| keys.table(&table(name).schema, &table(name).name);
        let of = |tenant: &str, run: &str| TableOutcome::new(&table("a"), tenant, run);
        assert!(of("acme", "r").lies_at(&key("a")));
        assert!(!of("acme", "r").lies_at(&key("b")));
        assert!(!of("acme", "r2").lies_at(&key("a")) && !of("other", "r").lies_at(&key("a")));
        let own = keys.unload(&table("a").schema, &table("a").name, "1");
        let foreign = RunKeys::named("acme", "r3").unload(&table("a").schema, &table("a").name, "1");
        for (folder, lies) in
            [(own.as_str(), true), (foreign.as_str(), false), ("unload/acme/r/s/a/../b/", false)]
        {
            let unloaded = Unloaded {
                folder: folder.to_owned(),
                manifest_sha256: None,
                marked: None,
                format: Format::Parquet,
                columns: Vec::new(),
                fingerprint: None,
            };
            let outcome = TableOutcome { unloaded: Some(unloaded), ..of("acme", "r") };
            assert_eq!(outcome.lies_at(&key("a")), lies, "{folder}");
        }
    }

    #[test]
    fn each_other_document_lies_at_its_own_key() {
        let keys = RunKeys::named("acme", "r");
        let schema = ApplyOutcome::new("migrate-schema", "acme", "r");
        assert!(schema.lies_at(&keys.schema()) && !schema.lies_at(&keys.views()));
        assert!(!ApplyOutcome::new("migrate-schema", "acme", "q").lies_at(&keys.schema()));
        let directions = Directions::of("acme");
        assert!(directions.lies_at(&keys.direction()));
        assert!(!Directions::of("other").lies_at(&keys.direction()));
        let place = Place { namespace: "n".to_owned(), database: "d".to_owned() };
        let loaded = LoadedTable::of("acme", &place, &table("a"));
        assert!(loaded.lies_at(&keys.loaded(&place, &table("a"))));
        assert!(!loaded.lies_at(&keys.loaded(&place, &table("b"))));
    }
}

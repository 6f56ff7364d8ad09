//! The keys of a run: where each of its files lies, relative to `--S3_BUCKET`. Pure.
//!
//! Every key names the tenant and the run, and every segment is encoded, so that two runs never write the
//! same key.

use arguments::{RunId, TenantName};
use migration::direction::Place;
use migration::name::{Identifier, QualifiedName, S3KeySegment};
use time::OffsetDateTime;

/// The longest key of an object, in bytes of UTF-8 (Amazon S3 User Guide, `object-keys`).
pub const MAX_KEY_BYTES: usize = 1_024;

/// An attempt's segment and its slash.
const ATTEMPT_BYTES: usize = 17;

/// Room for the names of Redshift's files: `r_UNLOAD` shows `0000_part_00.parquet` and sets no limit to its numbers.
const FILE_NAME_BYTES: usize = 64;

/// The keys of one run of one tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunKeys {
    tenant: S3KeySegment,
    run: S3KeySegment,
}

impl RunKeys {
    /// The keys of a run.
    pub fn new(tenant: &TenantName, run: &RunId) -> Self {
        Self::named(tenant.as_str(), run.as_str())
    }

    /// The keys of the run of these names, as a document gives them.
    pub(crate) fn named(tenant: &str, run: &str) -> Self {
        Self { tenant: S3KeySegment::encode(tenant), run: S3KeySegment::encode(run) }
    }

    /// Between which places the tenant's runs have moved it. No run's folder has this name: a segment holds no dot.
    pub fn direction(&self) -> String {
        format!("runs/{}/direction.json", self.tenant)
    }

    /// Between which places this run moves the tenant.
    pub fn run_direction(&self) -> String {
        self.record("direction.json")
    }

    /// What the tenant's runs have left in a table of the target.
    pub fn loaded(&self, place: &Place, table: &QualifiedName) -> String {
        let (namespace, database) =
            (S3KeySegment::encode(&place.namespace), S3KeySegment::encode(&place.database));
        let (schema, name) = (encode(&table.schema), encode(&table.name));
        format!("loaded/{}/{namespace}/{database}/{schema}/{name}.json", self.tenant)
    }

    /// The bytes of the longest key that a table's move needs, below the bucket's prefix.
    pub fn longest_key(&self, place: &Place, table: &QualifiedName) -> usize {
        let unloaded = self.unloads(&table.schema, &table.name).len() + ATTEMPT_BYTES + FILE_NAME_BYTES;
        unloaded.max(self.table(&table.schema, &table.name).len()).max(self.loaded(place, table).len())
    }

    /// The folder of all attempts of this run to unload a table, with its final slash.
    pub fn unloads(&self, schema: &Identifier, table: &Identifier) -> String {
        let Self { tenant, run } = self;
        format!("unload/{tenant}/{run}/{}/{}/", encode(schema), encode(table))
    }

    /// The folder of one attempt to unload a table, with its final slash. An attempt has a folder of its own:
    /// an UNLOAD goes on writing when the job that sent it is dead.
    pub fn unload(&self, schema: &Identifier, table: &Identifier, attempt: &str) -> String {
        format!("{}{}/", self.unloads(schema, table), S3KeySegment::encode(attempt))
    }

    /// The folder of documents that a preflight writes and removes, with its final slash. No tenant's folder has this name: a segment
    /// holds no dot.
    pub fn preflight_documents(&self) -> String {
        format!("runs/.preflight/{}/{}/", self.tenant, self.run)
    }

    /// The folder that a preflight unloads to and removes, with its final slash.
    pub fn preflight_files(&self) -> String {
        format!("unload/.preflight/{}/{}/", self.tenant, self.run)
    }

    /// The plan.
    pub fn plan(&self) -> String {
        self.record("plan.json")
    }

    /// The plan as statements, to be read or run by a person.
    pub fn plan_sql(&self) -> String {
        self.record("plan.sql")
    }

    /// The lists of tables whose rows are to move.
    pub fn tables(&self) -> String {
        self.record("tables.json")
    }

    /// One of these lists, which one run of the data job moves.
    pub fn table_list(&self, number: usize) -> String {
        self.record(&format!("items/{number:04}.json"))
    }

    /// What the schema job did.
    pub fn schema(&self) -> String {
        self.record("schema.json")
    }

    /// What became of a table.
    pub fn table(&self, schema: &Identifier, table: &Identifier) -> String {
        self.record(&format!("tables/{}/{}.json", encode(schema), encode(table)))
    }

    /// What became of the materialized views.
    pub fn views(&self) -> String {
        self.record("views.json")
    }

    /// The tables that were vacuumed after their loads.
    pub fn vacuumed(&self) -> String {
        self.record("vacuumed.json")
    }

    /// The folder of what became of tables, with its final slash.
    pub fn table_outcomes(&self) -> String {
        self.record("tables/")
    }

    /// The folder of what the state machine says of runs of the data job that failed, with its final slash.
    pub fn run_failures(&self) -> String {
        self.record("failures/")
    }

    /// What became of the run as a whole.
    pub fn outcome(&self) -> String {
        self.record("run.json")
    }

    /// Where a report of the run goes that is made at this time, in UTC: of a later one nothing is replaced.
    pub fn report(&self, made: OffsetDateTime) -> ReportKeys {
        let (date, time) = (made.date(), made.time());
        let folder = format!(
            "migration-reports/{}/{:04}{:02}{:02}T{:02}{:02}{:02}Z-{}/",
            self.tenant,
            date.year(),
            u8::from(date.month()),
            date.day(),
            time.hour(),
            time.minute(),
            time.second(),
            self.run
        );
        ReportKeys { folder }
    }

    /// A key below the run's own folder.
    fn record(&self, name: &str) -> String {
        format!("runs/{}/{}/{name}", self.tenant, self.run)
    }
}

/// The keys of one report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportKeys {
    folder: String,
}

impl ReportKeys {
    /// The report as a document.
    pub fn document(&self) -> String {
        format!("{}migration_report.json", self.folder)
    }

    /// The report for people.
    pub fn page(&self) -> String {
        format!("{}report.html", self.folder)
    }

    /// The tables that failed.
    pub fn retry_file(&self) -> String {
        format!("{}retry_failed_tables.json", self.folder)
    }
}

/// A name as a segment of a key.
fn encode(name: &Identifier) -> S3KeySegment {
    S3KeySegment::encode(name.as_str())
}

#[cfg(test)]
mod tests {
    use migration::direction::Place;
    use migration::name::{Identifier, QualifiedName};

    use super::{MAX_KEY_BYTES, RunKeys};

    #[test]
    fn keys_lie_where_the_contract_says() {
        let keys = RunKeys::new(&"Acme & Co".parse().unwrap(), &"run.1".parse().unwrap());
        let (schema, table) = (Identifier::new("sales").unwrap(), Identifier::new("a/b.c").unwrap());
        let place = Place { namespace: "86b5169f-01dc".to_owned(), database: "d.v".to_owned() };
        insta::assert_snapshot!(
            [
                keys.unload(&schema, &table, "1"),
                keys.plan(),
                keys.plan_sql(),
                keys.tables(),
                keys.table_list(7),
                keys.direction(),
                keys.run_direction(),
                keys.loaded(&place, &QualifiedName::new(schema.clone(), table.clone())),
                keys.schema(),
                keys.table(&schema, &table),
                keys.views(),
                keys.table_outcomes(),
                keys.run_failures(),
                keys.outcome(),
                keys.report(time::OffsetDateTime::UNIX_EPOCH).document(),
                keys.report(time::OffsetDateTime::UNIX_EPOCH).page(),
                keys.report(time::OffsetDateTime::UNIX_EPOCH).retry_file(),
            ]
            .join("\n")
        );
    }

    #[test]
    fn the_longest_key_counts_encoded_bytes_and_redshifts_file_names() {
        let place = Place {
            namespace: "86b5169f-01dc-4a6f-9fbb-e2e24359e9a8".to_owned(),
            database: "dev".to_owned(),
        };
        let id = |name: String| Identifier::new(name).unwrap();
        let longest = |tenant: &str, name: &str| {
            let keys = RunKeys::named(tenant, "r");
            let table = QualifiedName::new(id(name.to_owned()), id(name.to_owned()));
            let folder = keys.unload(&table.schema, &table.name, &"0".repeat(16));
            let longest = keys.longest_key(&place, &table);
            assert!(longest >= format!("{folder}0000_part_00.parquet").len());
            longest
        };
        assert!(longest("acme", &"t".repeat(127)) <= MAX_KEY_BYTES);
        // Three bytes a character, three characters a byte.
        assert!(longest(&"租".repeat(42), &"表".repeat(42)) > MAX_KEY_BYTES);
    }
}

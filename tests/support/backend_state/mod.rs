//! What stands on PostgreSQL behind a warehouse: definitions as `pg_dump` writes them, what redshift-local keeps beside them, and what
//! everybody may do. Read past the proxy, with no SQL and no code of the product, so that the product is not its own judge.

mod dump;
mod rights;

pub use rights::Rights;

use crate::warehouse::{DATABASE, TARGET_DATABASE, TestWarehouse};
use anyhow::{Context, Result, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use tokio_postgres::{Client, SimpleQueryMessage};

/// Each gives an object and a fact about it; rights name the subject in a third column.
const QUERIES: [&str; 5] = [
    include_str!("principals.sql"),
    include_str!("permissions.sql"),
    include_str!("storage.sql"),
    include_str!("policies.sql"),
    include_str!("rights.sql"),
];

/// What an object begins with that only a table with rows tells of itself.
const AUTOMATIC: &str = "automatic attributes of ";

/// The facts of one backend, by the object that they are about.
#[derive(Debug)]
pub struct BackendState {
    facts: BTreeMap<String, BTreeSet<Fact>>,
    superusers: BTreeSet<String>,
    /// Tables without rows, as objects of [`AUTOMATIC`] name them.
    empty: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Fact {
    text: String,
    /// Who may, where the fact is a right.
    subject: Option<String>,
}

/// How an object differs between source and target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Facts of the source alone.
    pub source: Vec<String>,
    /// Facts of the target alone.
    pub target: Vec<String>,
}

/// A line a fact, with its side before it.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.iter().try_for_each(|fact| writeln!(f, "    only the source: {fact}"))?;
        self.target.iter().try_for_each(|fact| writeln!(f, "    only the target: {fact}"))
    }
}

impl BackendState {
    /// Reads what is behind a warehouse now.
    pub async fn read(warehouse: &TestWarehouse) -> Result<Self> {
        let client = connect(warehouse).await?;
        let mut state = Self {
            facts: BTreeMap::new(),
            superusers: column(&client, "SELECT rolname FROM pg_catalog.pg_roles WHERE rolsuper").await?,
            empty: empty_tables(&client).await?,
        };
        for sql in QUERIES {
            for row in rows(&client, sql).await? {
                let [object, text, subject @ ..] = row.as_slice() else { continue };
                state.add(object, text, subject.first().map(String::as_str));
            }
        }
        for entry in dump::entries(warehouse).await? {
            state.add(&entry.object, &entry.definition, None);
        }
        ensure!(state.facts.len() > 10, "the backend tells nothing of itself");
        Ok(state)
    }

    fn add(&mut self, object: &str, text: &str, subject: Option<&str>) {
        let fact = Fact { text: text.to_owned(), subject: subject.map(str::to_owned) };
        self.facts.entry(object.to_owned()).or_default().insert(fact);
    }

    /// What differs from this state, the source's, on a target. Superusers of either side may do anything there and are no subjects;
    /// what a table leaves to Redshift counts where the source can tell it.
    pub fn differences(&self, target: &Self) -> BTreeMap<String, Difference> {
        let nothing = BTreeSet::new();
        let is_subject = |fact: &&Fact| {
            let superuser = |name| self.superusers.contains(name) || target.superusers.contains(name);
            !fact.subject.as_ref().is_some_and(superuser)
        };
        let only = |here: &BTreeSet<Fact>, there: &BTreeSet<Fact>| {
            here.difference(there).filter(is_subject).map(|fact| fact.text.clone()).collect::<Vec<_>>()
        };
        let objects: BTreeSet<&String> = self.facts.keys().chain(target.facts.keys()).collect();
        let mut differences = BTreeMap::new();
        for object in objects.into_iter().filter(|object| !self.empty.contains(*object)) {
            let here = self.facts.get(object).unwrap_or(&nothing);
            let there = target.facts.get(object).unwrap_or(&nothing);
            let difference = Difference { source: only(here, there), target: only(there, here) };
            if !(difference.source.is_empty() && difference.target.is_empty()) {
                differences.insert(object.clone(), difference);
            }
        }
        differences
    }
}

/// The bootstrap superuser's own connection to PostgreSQL.
async fn connect(warehouse: &TestWarehouse) -> Result<Client> {
    let client = warehouse.backend().await?;
    // Names are printed whole, literals as the standard has them.
    client.batch_execute("SET search_path = pg_catalog; SET standard_conforming_strings = on").await?;
    Ok(client)
}

/// The rows of a query, with one name for the two databases.
async fn rows(client: &Client, sql: &str) -> Result<Vec<Vec<String>>> {
    let messages = client.simple_query(sql).await.context(sql.to_owned())?;
    let row = |message: &SimpleQueryMessage| match message {
        SimpleQueryMessage::Row(row) => {
            let value = |at| row.get(at).unwrap_or_default().replace(TARGET_DATABASE, DATABASE);
            Some((0..row.len()).map(value).collect())
        }
        _ => None,
    };
    Ok(messages.iter().filter_map(row).collect())
}

async fn column(client: &Client, sql: &str) -> Result<BTreeSet<String>> {
    Ok(rows(client, sql).await?.into_iter().flatten().collect())
}

async fn empty_tables(client: &Client) -> Result<BTreeSet<String>> {
    let sql = "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c \
               JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
               WHERE c.relkind IN ('r', 'm') AND pg_catalog.pg_relation_size(c.oid) = 0";
    Ok(column(client, sql).await?.into_iter().map(|name| format!("{AUTOMATIC}{name}")).collect())
}

/// What redshift-local keeps in tables of its own and the queries read, or why they need not.
#[derive(Debug)]
pub struct SideTables;

impl SideTables {
    /// Columns that decide nothing about an object, by their table: data's state, histories, what redshift-local works with, who and when.
    const LEFT_OUT: [(&str, &[&str]); 16] = [
        ("rs_password", &["role", "digest", "salt"]),
        ("rs_procedure", &["routine"]),
        ("rs_system_permission", &["privilege"]),
        ("rs_stale", &["view", "base"]),
        ("rs_transfer", &["*"]),
        ("rs_load_error", &["*"]),
        ("rs_unloaded_file", &["*"]),
        ("rs_table", &["created"]),
        ("rs_policy", &["modified_by", "modified", "value_exprs", "path"]),
        ("rs_guard", &["*"]),
        ("rs_guarded_rule", &["*"]),
        ("rs_guarded_body", &["*"]),
        ("rs_late_binding_view", &["words", "bindings"]),
        ("rs_attached_policy", &["grantor"]),
        ("rs_library", &["file_store_id"]),
        ("rs_other_object", &["*"]),
    ];

    /// The columns of side tables that no query names.
    pub async fn unread(warehouse: &TestWarehouse) -> Result<Vec<String>> {
        let sql = "SELECT c.relname, a.attname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid \
                   WHERE c.relnamespace = 'redshift_catalog'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped";
        let found = rows(&connect(warehouse).await?, sql).await?;
        ensure!(found.len() > 30, "redshift-local's side tables are not where they were");
        let is_left_out = |table: &str, column: &str| {
            let of_table = Self::LEFT_OUT.iter().filter(|(name, _)| *name == table);
            of_table.flat_map(|(_, columns)| *columns).any(|left| *left == "*" || *left == column)
        };
        let is_read = |table: &str, column: &str| {
            let word = |text: &str, word: &str| {
                text.split(|sign: char| !sign.is_alphanumeric() && sign != '_').any(|found| found == word)
            };
            QUERIES.iter().any(|sql| word(sql, table) && word(sql, column))
        };
        let mut unread = Vec::new();
        for row in &found {
            let [table, column] = row.as_slice() else { continue };
            if !is_left_out(table, column) && !is_read(table, column) {
                unread.push(format!("{table}.{column}"));
            }
        }
        Ok(unread)
    }
}

//! Two warehouses in memory, as far as the data job asks them anything: rows are numbers, and each act takes its time.

use super::faults::{Blow, Faults};
use aws::ObjectStore;
use aws::testing::MemoryObjects;
use job::Side;
use job::testing::Connector;
use migration::catalog::Column;
use migration::name::{Identifier, QualifiedName};
use migration::outcome::ErrorKind;
use migration::statement::{self, Sql};
use redshift::session::{Batch, ConnectError, Login, ResultSet, Session, SqlError};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::time::Instant;

/// Where the jobs' files lie.
pub const BUCKET: &str = "s3://bucket/jobs";

/// What a statement asks for, as far as tests tell it apart. Tables are of the schema `s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Begin,
    Commit,
    Rollback,
    Lock(&'static str),
    Unload(&'static str),
    Delete(&'static str),
    Copy(&'static str),
    Count(&'static str),
    Fingerprint(&'static str),
    Vacuum(&'static str),
    /// Whatever is asked of the warehouse as a whole.
    Look,
}

impl Act {
    /// How long it takes.
    fn seconds(self) -> u64 {
        match self {
            Self::Unload(_) | Self::Copy(_) | Self::Vacuum(_) => 1,
            _ => 0,
        }
    }
}

/// Something that was done.
#[derive(Clone, Copy, Debug)]
pub struct Happened {
    pub side: Side,
    /// The session's number.
    pub session: u32,
    pub act: Act,
    pub began: Duration,
    pub ended: Duration,
}

/// Both warehouses.
#[derive(Clone)]
pub struct Warehouses {
    state: Arc<Mutex<State>>,
    pub objects: MemoryObjects,
    started: Instant,
}

struct State {
    source: BTreeMap<&'static str, u64>,
    target: BTreeMap<&'static str, u64>,
    happened: Vec<Happened>,
    faults: Faults,
    sessions: u32,
}

/// A session.
pub struct FakeSession {
    world: Warehouses,
    side: Side,
    number: u32,
    /// What the warehouse lists it as.
    name: String,
    is_lost: bool,
    /// What the transaction that is open would undo.
    undo: Option<Vec<(&'static str, u64)>>,
    unloaded: u64,
    copies: u64,
    loaded: u64,
}

impl Warehouses {
    /// Tables with so many rows on the source, and on the target.
    pub fn of(tables: &[(&'static str, u64, u64)]) -> Self {
        let state = State {
            source: tables.iter().map(|(table, rows, _)| (*table, *rows)).collect(),
            target: tables.iter().map(|(table, _, rows)| (*table, *rows)).collect(),
            happened: Vec::new(),
            faults: Faults::default(),
            sessions: 0,
        };
        Self {
            state: Arc::new(Mutex::new(state)),
            objects: MemoryObjects::default(),
            started: Instant::now(),
        }
    }

    /// Fails a session when it comes to an act for the `number`-th time, from 1.
    pub fn strike(&self, side: Side, act: Act, number: u32, blow: Blow) {
        self.locked().faults.add(side, act, number, blow);
    }

    /// Takes all faults back, as a warehouse that is available again.
    pub fn heal(&self) {
        self.locked().faults = Faults::default();
    }

    /// Gives a table of the source other rows.
    pub fn change(&self, table: &'static str, rows: u64) {
        self.locked().source.insert(table, rows);
    }

    /// A table's rows on the target, that a session which is killed now would leave.
    pub fn target(&self, table: &str) -> u64 {
        self.locked().target[table]
    }

    /// Gives a table of the target other rows, as another writer would.
    pub fn disturb(&self, table: &'static str, rows: u64) {
        self.locked().target.insert(table, rows);
    }

    /// What was done, in order; forgets it.
    pub fn happened(&self) -> Vec<Happened> {
        std::mem::take(&mut self.locked().happened)
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Connector for Warehouses {
    type Session = FakeSession;

    async fn connect(&self, login: &Login) -> Result<FakeSession, ConnectError> {
        let side = if login.warehouse == "source" { Side::Source } else { Side::Target };
        let mut state = self.locked();
        if state.faults.is_closed(side) {
            let message = format!("cannot reach {}", login.warehouse);
            return Err(ConnectError { kind: ErrorKind::Unreachable, message });
        }
        state.sessions += 1;
        let number = state.sessions;
        drop(state);
        Ok(FakeSession {
            world: self.clone(),
            side,
            number,
            name: login.application_name.clone(),
            is_lost: false,
            undo: None,
            unloaded: 0,
            copies: 0,
            loaded: 0,
        })
    }
}

pub fn table(name: &str) -> QualifiedName {
    QualifiedName::new(Identifier::new("s").unwrap(), Identifier::new(name).unwrap())
}

fn columns() -> Vec<Column> {
    let name = Identifier::new("id").unwrap();
    vec![Column {
        name,
        data_type: "integer".into(),
        not_null: false,
        default: None,
        encoding: "none".into(),
        collation: None,
    }]
}

impl FakeSession {
    /// What a statement asks for.
    fn act(&self, sql: &Sql) -> Act {
        let tables: Vec<&'static str> = self.world.locked().source.keys().copied().collect();
        let begins = |words: &str| sql.as_str().starts_with(words);
        let named = |name: &&str| sql.as_str().contains(&table(name).to_string());
        if let Some(name) = tables.iter().find(|name| named(name)).copied() {
            let of = table(name);
            if begins("UNLOAD") {
                return Act::Unload(name);
            } else if begins("COPY") {
                return Act::Copy(name);
            } else if *sql == statement::lock_table(&of) {
                return Act::Lock(name);
            } else if *sql == statement::delete_rows(&of) {
                return Act::Delete(name);
            } else if *sql == statement::vacuum(&of) {
                return Act::Vacuum(name);
            } else if *sql == statement::count_rows(&of) {
                return Act::Count(name);
            } else if *sql == statement::fingerprint(&of, &columns()) {
                return Act::Fingerprint(name);
            }
        }
        match sql {
            sql if *sql == statement::begin() => Act::Begin,
            sql if *sql == statement::commit() => Act::Commit,
            sql if *sql == statement::rollback() => Act::Rollback,
            _ => Act::Look,
        }
    }

    /// Does what is asked for, and answers.
    async fn perform(&mut self, act: Act, sql: &Sql) -> ResultSet {
        let rows = |name: &str| match self.side {
            Side::Source => self.world.locked().source[name],
            Side::Target => self.world.locked().target[name],
        };
        match act {
            Act::Begin => self.undo = Some(Vec::new()),
            Act::Commit => self.undo = None,
            Act::Rollback => self.roll_back(),
            Act::Count(name) => return answer(&["rows"], &[&[&rows(name).to_string()]]),
            Act::Fingerprint(name) => {
                let rows = rows(name).to_string();
                return answer(&["of_rows", "c1"], &[&[&rows, &rows]]);
            }
            Act::Unload(name) => self.unload(rows(name), sql).await,
            Act::Delete(name) => self.set(name, 0),
            Act::Copy(name) => {
                let manifest =
                    self.world.objects.objects()[between(sql.as_str(), &format!("{BUCKET}/"))].clone();
                let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
                self.loaded = manifest["meta"]["record_count"].as_u64().unwrap();
                self.copies += 1;
                let before = rows(name);
                self.set(name, before + self.loaded);
            }
            Act::Look => return self.look(sql),
            Act::Lock(_) | Act::Vacuum(_) => {}
        }
        ResultSet::default()
    }

    /// Of no rows nothing is left.
    async fn unload(&mut self, rows: u64, sql: &Sql) {
        self.unloaded = rows;
        if rows == 0 {
            return;
        }
        let folder = between(sql.as_str(), &format!("{BUCKET}/"));
        let objects = &self.world.objects;
        let totals = json!({"content_length": rows, "record_count": rows});
        let url = format!("{BUCKET}/{folder}0000_part_00.parquet");
        let manifest = json!({"entries": [{"url": url, "meta": totals}], "meta": totals});
        objects
            .put(&format!("{folder}0000_part_00.parquet"), vec![0; rows.try_into().unwrap()])
            .await
            .unwrap();
        objects.put(&format!("{folder}manifest"), manifest.to_string().into_bytes()).await.unwrap();
    }

    fn set(&mut self, name: &'static str, rows: u64) {
        let before = self.world.locked().target.insert(name, rows).unwrap();
        if let Some(undo) = &mut self.undo {
            undo.push((name, before));
        }
    }

    fn roll_back(&mut self) {
        for (name, rows) in self.undo.take().into_iter().flatten().rev() {
            self.world.locked().target.insert(name, rows);
        }
    }

    fn look(&self, sql: &Sql) -> ResultSet {
        let state = self.world.locked();
        let (namespace, of) = match self.side {
            Side::Source => ("here", &state.source),
            Side::Target => ("there", &state.target),
        };
        let is = |text: &'static str| *sql == Sql::constant(text);
        if is(include_str!("../../../../sql/catalog/login.sql")) {
            answer(&["usename", "usesuper", "session_id"], &[&["admin", "t", &self.number.to_string()]])
        } else if is(include_str!("../../../../sql/catalog/place.sql")) {
            answer(&["namespace_id", "database_name"], &[&[namespace, "dev"]])
        } else if is(include_str!("../../../../sql/catalog/database.sql")) {
            answer(&["database_name", "login", "database_collation"], &[&["dev", "admin", "case_sensitive"]])
        } else if is(include_str!("../../../../sql/catalog/schemas.sql")) {
            answer(&["nspname", "owner", "eskind", "esdbname", "esoptions"], &[&["s", "admin"]])
        } else if is(include_str!("../../../../sql/catalog/tables.sql")) {
            let row = |name: &&'static str| vec!["s", *name, "1", "admin", "9"];
            of_tables(
                &["nspname", "relname", "table_oid", "owner", "releffectivediststyle"],
                of.keys().map(row),
            )
        } else if is(include_str!("../../../../sql/catalog/columns.sql")) {
            let row = |name: &&'static str| vec!["s", *name, "1", "id", "integer", "f", "none", "f", "0"];
            let names = ["nspname", "relname", "attnum", "attname", "data_type", "attnotnull", "encoding"];
            let names = names.into_iter().chain(["attisdistkey", "attsortkeyord", "default_expression"]);
            of_tables(&names.collect::<Vec<_>>(), of.keys().map(row))
        } else if is(include_str!("../../../../sql/catalog/open_sessions.sql")) {
            answer(&["session_id", "application_name"], &[&[&self.number.to_string(), &self.name]])
        } else if *sql == statement::last_unload() {
            answer(&["rows"], &[&[&self.unloaded.to_string()]])
        } else if *sql == statement::last_copy() {
            answer(&["copy_id", "rows"], &[&[&self.copies.to_string(), &self.loaded.to_string()]])
        } else if let Some((name, _)) =
            of.iter().find(|(name, _)| *sql == statement::table_columns(&table(name)))
        {
            assert!(!name.is_empty());
            answer(&["attname", "data_type", "attnotnull", "default_expression"], &[&["id", "integer", "f"]])
        } else if sql.as_str().starts_with("SELECT CAST(") {
            let asked = of.iter().filter(|(name, _)| sql.as_str().contains(&table(name).to_string()));
            let rows: Vec<_> = asked.map(|(name, rows)| (*name, rows.to_string())).collect();
            let rows = rows.iter().map(|(name, rows)| vec!["s", *name, rows.as_str()]);
            of_tables(&["schema_name", "table_name", "rows"], rows)
        } else {
            ResultSet::default()
        }
    }

    fn lose(&mut self, batch: &Batch) -> SqlError {
        self.is_lost = true;
        self.roll_back();
        SqlError::lost(batch, "a test's fault")
    }
}

impl Session for FakeSession {
    async fn run(&mut self, batch: &Batch) -> Result<Vec<ResultSet>, SqlError> {
        if self.is_lost {
            return Err(self.lose(batch));
        }
        let mut answers = Vec::new();
        for (index, sql) in batch.statements().iter().enumerate() {
            let act = self.act(sql);
            let blow = self.world.locked().faults.take(self.side, act);
            if blow.is_some_and(Blow::is_before) {
                return Err(self.lose(batch));
            }
            let began = self.world.started.elapsed();
            tokio::time::sleep(Duration::from_secs(act.seconds())).await;
            let ended = self.world.started.elapsed();
            let happened = Happened { side: self.side, session: self.number, act, began, ended };
            self.world.locked().happened.push(happened);
            if let Some(Blow::Refuse(kind)) = blow {
                let sqlstate = Some("XX000".to_owned());
                let message = format!("no {act:?}");
                return Err(SqlError {
                    kind,
                    sqlstate,
                    statement_index: Some(index),
                    message,
                    context: None,
                });
            }
            answers.push(self.perform(act, sql).await);
            if blow.is_some() {
                return Err(self.lose(batch));
            }
        }
        Ok(answers)
    }

    fn case_sensitive_by_default(&self) -> Option<bool> {
        Some(false)
    }
}

impl Drop for FakeSession {
    fn drop(&mut self) {
        self.roll_back();
    }
}

/// The text from behind these words to the end of the literal.
fn between<'a>(sql: &'a str, words: &str) -> &'a str {
    let (_, rest) = sql.split_once(words).unwrap();
    rest.split_once('\'').unwrap().0
}

fn answer(columns: &[&str], rows: &[&[&str]]) -> ResultSet {
    of_tables(columns, rows.iter().map(|row| row.to_vec()))
}

/// Columns beyond a row's values are NULL.
fn of_tables<'a>(columns: &[&str], rows: impl IntoIterator<Item = Vec<&'a str>>) -> ResultSet {
    let row = |row: Vec<&str>| {
        let values = row.into_iter().map(|value| Some(value.to_owned()));
        values.chain(std::iter::repeat(None)).take(columns.len()).collect()
    };
    ResultSet::new(columns.iter().map(|name| (*name).to_owned()), rows.into_iter().map(row).collect())
}

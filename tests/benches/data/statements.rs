//! The same statements as the job's, sent by psql: what a DBA would write by hand who knew them.

use crate::tenant::SCHEMA;
use anyhow::Result;
use futures_util::future::try_join_all;
use migration::name::{Identifier, QualifiedName};
use migration::statement::{Copy, Sql, Unload, copy, delete_rows, unload};
use migration::transfer::{Format, NullMarker};
use migration_tests::migration::Migration;
use redshift::read_catalog::read_tables;
use redshift::session::connect;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use tokio::sync::Mutex;
use tokio::sync::mpsc::channel;

/// The statements of every table.
pub struct Statements {
    tables: Vec<(QualifiedName, migration::catalog::Table)>,
}

impl Statements {
    /// Looks what tables there are.
    pub async fn of(migration: &Migration) -> Result<Self> {
        let mut session = connect(&migration.source.login()).await?;
        let schema = Identifier::new(SCHEMA)?;
        let tables = read_tables(&mut session, &[schema.clone()].into()).await?.tables.into_iter();
        Ok(Self { tables: tables.filter(|(name, _)| name.schema == schema).collect() })
    }

    /// Sends them, with `threads` sessions that unload and as many that load; gives the seconds that it took.
    pub async fn send(&self, migration: &Migration, threads: usize, run: usize) -> Result<f64> {
        let started = Instant::now();
        let (sender, receiver) = channel(threads);
        let (next, receiver) = (AtomicUsize::new(0), Mutex::new(receiver));
        let unloading = (0..threads).map(|_| {
            let sender = sender.clone();
            let next = &next;
            async move {
                while let Some(table) = self.tables.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (unload, load) = statements(migration, table, run)?;
                    migration.psql(&migration.source, &["-c", &unload]).await?;
                    sender.send(load).await?;
                }
                anyhow::Ok(())
            }
        });
        let unloading = try_join_all(unloading.collect::<Vec<_>>());
        drop(sender);
        let loading = try_join_all((0..threads).map(|_| async {
            loop {
                let next = receiver.lock().await.recv().await;
                let Some(load) = next else { return anyhow::Ok(()) };
                let words: Vec<&str> = load.iter().flat_map(|statement| ["-c", statement]).collect();
                migration.psql(&migration.target, &words).await?;
            }
        }));
        tokio::try_join!(unloading, loading)?;
        Ok(started.elapsed().as_secs_f64())
    }
}

/// The UNLOAD of a table, and what loads it.
fn statements(
    migration: &Migration,
    (name, table): &(QualifiedName, migration::catalog::Table),
    run: usize,
) -> Result<(String, Vec<String>)> {
    let prefix = format!("{}/bench/{run}/{}/", migration.place, name.name.as_str());
    let iam_role = migration.deployed("iam_role");
    let format = Format::choose(name, table, NullMarker::from_bits(1), true)?;
    let unload = unload(&Unload {
        table: name,
        columns: &table.columns,
        format: &format,
        prefix_url: &prefix,
        iam_role,
        kms_key: None,
        region: None,
        max_file_size: None,
    });
    let copy = copy(&Copy {
        table: name,
        columns: &table.columns,
        format: &format,
        manifest_url: &format!("{prefix}manifest"),
        iam_role,
        region: None,
        explicit_ids: false,
    });
    let text = |sql: Sql| sql.as_str().to_owned();
    let load = [
        "BEGIN".to_owned(),
        text(delete_rows(name)),
        text(copy),
        "COMMIT".to_owned(),
        format!("ANALYZE {name}"),
    ];
    Ok((text(unload), load.to_vec()))
}

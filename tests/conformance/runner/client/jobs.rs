//! The jobs' own session, with the settings that they begin with: it sends every query of `sql/`, as a job does. What a
//! query answers is the jobs' matter; here it must be taken.

use crate::endpoint::Endpoint;
use crate::suite::Outcome;
use anyhow::{Context, Result, ensure};
use migration::statement::Sql;
use migration_tests::environment::repository;
use redshift::session::{Batch, Login, Session, SslMode, connect};

/// The client's name.
pub const NAME: &str = "jobs";

/// Sends the queries; a difference is one that the warehouse refuses.
pub async fn run(endpoint: &Endpoint) -> Result<Outcome> {
    let login = Login {
        warehouse: "tested",
        host: endpoint.host.clone(),
        port: endpoint.port,
        database: endpoint.database.clone(),
        user: endpoint.user.clone(),
        password: endpoint.password.clone().into(),
        ssl_mode: SslMode::VerifyFull,
        application_name: "conformance".to_owned(),
    };
    let mut session = connect(&login).await?;
    let mut outcome = Outcome::default();
    for folder in std::fs::read_dir(repository("sql"))? {
        let folder = folder?.path();
        if !folder.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(folder)? {
            let file = file?.path();
            let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            let only = text.lines().find_map(|line| line.strip_prefix("-- Only: "));
            if only.is_some_and(|kind| kind.trim() != endpoint.kind) {
                continue;
            }
            // The jobs have their queries compiled in; this program ends with its texts.
            let query = Sql::constant(Box::leak(text.into_boxed_str()));
            outcome.files += 1;
            outcome.records += 1;
            if let Err(error) = session.run(&Batch::from(query)).await {
                let sqlstate = error.sqlstate.unwrap_or_default();
                outcome.differences.push(format!("{}:1: {sqlstate}: {}", file.display(), error.message));
            }
        }
    }
    ensure!(outcome.records > 0, "there are no queries in sql/");
    Ok(outcome)
}

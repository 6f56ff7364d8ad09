//! Runs the conformance files against the warehouse that the environment names, record by record, and prints where it
//! differs from what they say. `conformance [TOPIC…]` runs the files of these topics only. `./build.sh conformance` is
//! the door for a real warehouse; the tests run it against redshift-local.

mod client;
mod endpoint;
mod suite;

use anyhow::{Result, ensure};
use endpoint::Endpoint;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[tokio::main]
#[allow(clippy::print_stdout, reason = "what differs is the program's answer")]
async fn main() -> ExitCode {
    match run().await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            println!("conformance: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Gives the number of differences.
#[allow(clippy::print_stdout, reason = "what differs is the program's answer")]
async fn run() -> Result<usize> {
    let endpoint = Endpoint::from_environment()?;
    let topics: Vec<String> = std::env::args().skip(1).collect();
    let files = files(&topics)?;
    let (mut records, mut differences) = (0, 0);
    for file in &files {
        let outcome = suite::run(file, &endpoint).await;
        records += outcome.records;
        differences += outcome.differences.len();
        for difference in outcome.differences {
            println!("{difference}\n");
        }
    }
    println!(
        "conformance: {records} records in {} files, {}, {}: {differences} differ",
        files.len(),
        endpoint.kind,
        endpoint.client
    );
    Ok(differences)
}

/// The files of these topics, or all, in the order of their names.
fn files(topics: &[String]) -> Result<Vec<PathBuf>> {
    let folder = migration_tests::environment::repository("tests/conformance");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let topic = path.file_stem().unwrap_or_default().to_string_lossy();
        if path.extension() == Some("slt".as_ref())
            && (topics.is_empty() || topics.iter().any(|wanted| *wanted == topic))
        {
            files.push(path);
        }
    }
    ensure!(files.len() >= topics.len().max(1), "there are {} files of {topics:?}", files.len());
    files.sort_by(|a: &PathBuf, b| Path::cmp(a, b));
    Ok(files)
}

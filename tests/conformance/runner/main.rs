//! Runs the conformance files against the warehouse that the environment names, record by record, and prints where it
//! differs from what they say. `conformance [TOPIC…]` runs the files of these topics only; `conformance first-hour [QUESTION…]` asks
//! what no page settles. `./build.sh conformance` is the door for a real warehouse; the tests run it against redshift-local.

mod client;
mod endpoint;
mod first_hour;
mod suite;

use anyhow::{Result, ensure};
use endpoint::Endpoint;
use std::path::PathBuf;
use std::process::ExitCode;
use suite::Outcome;

/// The topic that is no file.
const FIRST_HOUR: &str = "first-hour";

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

/// Gives the number of differences; of the first hour, whether there are any.
#[allow(clippy::print_stdout, reason = "what differs is the program's answer")]
async fn run() -> Result<usize> {
    let endpoint = Endpoint::from_environment()?;
    let topics: Vec<String> = std::env::args().skip(1).collect();
    if let Some((FIRST_HOUR, questions)) = topics.split_first().map(|(topic, rest)| (topic.as_str(), rest)) {
        return Ok(usize::from(!first_hour::run(&endpoint, questions).await?));
    }
    let mut total = Outcome::default();
    if endpoint.client == client::Kind::Jobs {
        total.add(client::jobs::run(&endpoint).await?);
    } else {
        // A warehouse that cannot be reached is no difference of every record.
        client::connect(&endpoint).await?;
        for file in files(&topics)? {
            total.add(suite::run(&file, &endpoint).await);
        }
    }
    for difference in &total.differences {
        println!("{difference}\n");
    }
    let Outcome { files, records, refusals, differences } = total;
    println!(
        "conformance: {records} records, {refusals} of them refusals, in {files} files, {}, {}: {} differ",
        endpoint.kind,
        endpoint.client,
        differences.len()
    );
    Ok(differences.len())
}

/// The files of these topics, or all, in the order of their names.
fn files(topics: &[String]) -> Result<Vec<PathBuf>> {
    let folder = migration_tests::environment::repository("tests/conformance").canonicalize()?;
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
    files.sort();
    Ok(files)
}

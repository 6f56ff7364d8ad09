//! How long `cdk synth` of the example environment takes. The limit is absolute: it says how long a user waits before a
//! deployment begins.

use anyhow::{Result, ensure};
use migration_tests::environment::repository;
use migration_tests::figure::{Measure, report_measures};
use std::process::{Command, ExitCode};
use std::time::Instant;
use tempfile::TempDir;

const RUNS: usize = 3;
const SECONDS: f64 = 15.0;

fn main() -> Result<ExitCode> {
    let seconds = (0..RUNS).map(|_| synth()).collect::<Result<_>>()?;
    Ok(report_measures(&[Measure::of("cdk synth of the example", seconds, "s", SECONDS)]))
}

/// Synthesizes the stack, with the executables that `./build.sh bench` has just built. Returns the seconds that it took.
fn synth() -> Result<f64> {
    let assembly = TempDir::new()?;
    let dist = repository("dist");
    let started = Instant::now();
    let ended = Command::new("npx")
        .args(["cdk", "synth", "--quiet", "-c", "env=example", "-c", &format!("dist={}", dist.display())])
        .arg("--output")
        .arg(assembly.path())
        .env("CDK_DISABLE_CLI_TELEMETRY", "true")
        .current_dir(repository("cdk"))
        .output()?;
    ensure!(ended.status.success(), "cdk synth failed: {}", String::from_utf8_lossy(&ended.stderr));
    Ok(started.elapsed().as_secs_f64())
}

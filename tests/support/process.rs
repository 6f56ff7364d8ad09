//! What a job's process takes.

use crate::migration::{Ended, ended};
use anyhow::{Context, Result};
use std::time::{Duration, Instant};
use tokio::process::Child;

/// How a process ended, and what it took.
#[derive(Debug)]
pub struct Watched {
    /// How it ended.
    pub ended: Ended,
    /// How long that took, from `started` on.
    pub seconds: f64,
    /// The most memory that it held, in MB.
    pub megabytes: f64,
}

/// Waits for a job that was started at `started`, and looks how much memory it holds. Its log is read meanwhile: a job that
/// nobody listens to waits until somebody does.
pub async fn watch(process: Child, started: Instant) -> Result<Watched> {
    let id = process.id().context("a running job")?;
    let job = tokio::spawn(ended(process));
    let mut megabytes: f64 = 0.0;
    while !job.is_finished() {
        megabytes = peak(id).map_or(megabytes, |now| megabytes.max(now));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let seconds = started.elapsed().as_secs_f64();
    Ok(Watched { ended: job.await??, seconds, megabytes })
}

/// Most memory that a process has held so far; none once it has ended.
fn peak(process: u32) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let kilobytes = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    kilobytes.trim().trim_end_matches(" kB").parse::<f64>().ok().map(|kilobytes| kilobytes / 1024.0)
}

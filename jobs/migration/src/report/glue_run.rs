//! What Glue says of a run, and what that costs.

use serde::Serialize;
use time::OffsetDateTime;

/// A run of a Glue job.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GlueRun {
    /// Which of our jobs it ran.
    pub job: String,
    /// Glue's name of it: `jr_…`.
    pub id: String,
    /// `SUCCEEDED`, `FAILED`, `TIMEOUT`, …
    pub state: String,
    /// When it started.
    #[serde(with = "time::serde::rfc3339::option")]
    pub started: Option<OffsetDateTime>,
    /// When it ended; none while it runs.
    #[serde(with = "time::serde::rfc3339::option")]
    pub ended: Option<OffsetDateTime>,
    /// How long it consumed resources.
    pub seconds: u64,
    /// How many DPUs it had.
    pub dpus: Option<f64>,
    /// What an auto-scaled run consumed; Glue tells it of no other.
    pub dpu_seconds: Option<f64>,
    /// Which tables a run of the data job was to move, as its argument names them.
    pub tables: Option<String>,
    /// Why it failed: the job's last line.
    pub error: Option<String>,
}

impl GlueRun {
    /// From its start to its end; of one that has not ended, to `now`. None of one that never started.
    pub(super) fn span(&self, now: OffsetDateTime) -> Option<(OffsetDateTime, OffsetDateTime)> {
        self.started.map(|started| (started, self.ended.unwrap_or(now).max(started)))
    }
}

/// How long at least one of these was at work, in seconds: between a run and its retry days may pass. The spans are in the
/// order of their starts.
pub(super) fn seconds_at_work(spans: impl Iterator<Item = (OffsetDateTime, OffsetDateTime)>) -> f64 {
    let mut seconds = 0.0;
    let mut until: Option<OffsetDateTime> = None;
    for (started, ended) in spans {
        let from = until.map_or(started, |until| until.max(started));
        seconds += (ended - from).as_seconds_f64().max(0.0);
        until = Some(until.map_or(ended, |until| until.max(ended)));
    }
    seconds
}

/// What the runs cost, without S3, Step Functions and the warehouses.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cost {
    /// Hours of one DPU.
    pub dpu_hours: f64,
    /// The price of one, in US dollars.
    pub dollars_a_dpu_hour: f64,
    /// Both multiplied.
    pub dollars: f64,
}

/// A run is billed by the second, but never less than this (AWS Glue pricing).
const LEAST_SECONDS: u64 = 60;

impl Cost {
    /// What these runs cost at a price in US dollars. A run that never started is not billed.
    pub fn of<'a>(runs: impl IntoIterator<Item = &'a GlueRun>, dollars_a_dpu_hour: f64) -> Self {
        let dpu_hours = runs.into_iter().map(|run| dpu_seconds(run) / 3600.0).sum();
        Self { dpu_hours, dollars_a_dpu_hour, dollars: dpu_hours * dollars_a_dpu_hour }
    }
}

#[allow(clippy::cast_precision_loss, reason = "an estimate")]
fn dpu_seconds(run: &GlueRun) -> f64 {
    let measured = || run.dpus.unwrap_or_default() * run.seconds.max(LEAST_SECONDS) as f64;
    if run.started.is_none() { 0.0 } else { run.dpu_seconds.unwrap_or_else(measured) }
}

//! How far the applying of a stage is: a line a phase in the log, a bar where a person watches.

use indicatif::{ProgressBar, ProgressStyle};
use migration::plan::{Phase, Step};
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::time::Duration;
use tokio::time::Instant;

/// A phase that takes longer says so meanwhile.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);

/// How far a stage is.
pub(crate) struct Progress {
    started: Instant,
    last_line: Instant,
    phases: BTreeMap<Phase, Count>,
    all: Count,
    bar: Option<ProgressBar>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    done: usize,
    total: usize,
}

impl Progress {
    /// Nothing is done yet of these steps.
    pub(crate) fn of(steps: &[&Step]) -> Self {
        let mut phases: BTreeMap<Phase, Count> = BTreeMap::new();
        for step in steps {
            phases.entry(step.phase).or_default().total += 1;
        }
        let started = Instant::now();
        let all = Count { done: 0, total: steps.len() };
        let bar = std::io::stderr().is_terminal().then(|| bar(steps.len()));
        Self { started, last_line: started, phases, all, bar }
    }

    /// Some steps of a phase are over; logs a line when all of them are, or when the last line is long ago.
    pub(crate) fn advance(&mut self, phase: Phase, steps: usize) {
        let count = self.phases.entry(phase).or_default();
        count.done += steps;
        self.all.done += steps;
        let line = (count.done >= count.total || self.last_line.elapsed() >= SIGN_OF_LIFE).then(|| {
            format!(
                "{phase}: {} of {} steps, {} of {} in all, {:.1} s",
                count.done,
                count.total,
                self.all.done,
                self.all.total,
                self.started.elapsed().as_secs_f64()
            )
        });
        if let Some(bar) = &self.bar {
            bar.set_message(phase.to_string());
            bar.inc(steps as u64);
        }
        if let Some(line) = line {
            self.last_line = Instant::now();
            self.aside(|| log::info!("{line}"));
        }
    }

    /// Logs something without the bar in its way.
    pub(crate) fn aside(&self, write: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(steps: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {msg} {elapsed}");
    ProgressBar::new(steps as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

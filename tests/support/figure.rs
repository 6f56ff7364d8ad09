//! Figures of a benchmark: ours beside a base of the same run, since machines are noisy, and judged by their ratio.

use std::process::ExitCode;

/// One comparison.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What is measured.
    pub name: &'static str,
    /// Our seconds, run by run.
    pub ours: Vec<f64>,
    /// The base's seconds, of runs that took turns with ours.
    pub base: Vec<f64>,
    /// The largest ratio of the medians that is good enough.
    pub limit: f64,
}

impl Figure {
    fn ratio(&self) -> f64 {
        median(&self.ours) / median(&self.base)
    }

    fn line(&self) -> String {
        let verdict = if self.ratio() <= self.limit { "ok" } else { "over" };
        let (ours, base) = (median(&self.ours), median(&self.base));
        format!(
            "{:<28} {ours:>9.3} s {base:>9.3} s {:>7.2} {:>7.2} {verdict}",
            self.name,
            self.ratio(),
            self.limit
        )
    }
}

/// Prints the runs, then a line per figure: name, ours, base, ratio, limit, `ok` or `over`. A failure when one is over.
#[allow(clippy::print_stdout, reason = "figures are what a benchmark prints")]
pub fn report(figures: &[Figure]) -> ExitCode {
    for figure in figures {
        let runs = |runs: &[f64]| runs.iter().map(|run| format!("{run:.3}")).collect::<Vec<_>>().join(" ");
        println!("{}: ours {} | base {}", figure.name, runs(&figure.ours), runs(&figure.base));
    }
    println!("{:<28} {:>11} {:>11} {:>7} {:>7}", "name", "ours", "base", "ratio", "limit");
    for figure in figures {
        println!("{}", figure.line());
    }
    let over = figures.iter().any(|figure| figure.ratio() > figure.limit);
    if over { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Something measured by itself, with a limit that holds on any machine.
#[derive(Clone, Debug)]
pub struct Measure {
    name: String,
    runs: Vec<f64>,
    unit: &'static str,
    limit: f64,
}

impl Measure {
    /// What is measured, its runs, their unit, and the largest median that is good enough.
    pub fn of(name: &str, runs: Vec<f64>, unit: &'static str, limit: f64) -> Self {
        Self { name: name.to_owned(), runs, unit, limit }
    }

    fn is_over(&self) -> bool {
        median(&self.runs) > self.limit
    }

    fn line(&self) -> String {
        let verdict = if self.is_over() { "over" } else { "ok" };
        let Self { name, unit, limit, .. } = self;
        format!("{name:<36} {:>9.3} {unit:<2} {limit:>9.3} {unit:<2} {verdict}", median(&self.runs))
    }
}

/// Prints a line per measure: name, median, limit, `ok` or `over`. A failure when one is over.
#[allow(clippy::print_stdout, reason = "figures are what a benchmark prints")]
pub fn report_measures(measures: &[Measure]) -> ExitCode {
    for measure in measures {
        println!("{}", measure.line());
    }
    if measures.iter().any(Measure::is_over) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn median(runs: &[f64]) -> f64 {
    let mut sorted = runs.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_of_the_medians_is_judged() {
        let figure =
            |limit| Figure { name: "f", ours: vec![9.0, 2.0, 3.0], base: vec![2.0, 2.0, 1.0], limit };
        assert!(figure(1.5).line().ends_with("1.50    1.50 ok"), "{}", figure(1.5).line());
        assert!(figure(1.4).line().ends_with("1.50    1.40 over"));
    }

    #[test]
    fn a_measure_is_judged_by_its_limit() {
        let measure = |limit| Measure::of("m", vec![9.0, 2.0, 3.0], "s", limit);
        assert!(measure(3.0).line().ends_with("3.000 s      3.000 s  ok"), "{}", measure(3.0).line());
        assert!(measure(2.9).is_over());
    }
}

//! When each job ran: a track a job, a bar a run, over a common axis of time.

use crate::report::{GlueRun, JobDuration, Report};
use time::OffsetDateTime;

/// Steps of the axis, in seconds: the first is taken that leaves few enough marks.
const STEPS: [u32; 18] =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400];

const MINUTE: f64 = 60.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

/// The most marks that a phone has place for, that of the begin left out.
const MARKS: u32 = 5;

/// A mark further to the right would not be over its place any more.
const LAST_MARK_PERCENT: f64 = 96.0;

/// When each job ran.
pub(super) struct Timeline<'a> {
    /// When the first run started.
    pub(super) began: OffsetDateTime,
    /// When the last one ended.
    pub(super) ended: OffsetDateTime,
    /// The jobs.
    pub(super) tracks: Vec<Track<'a>>,
    /// The axis.
    pub(super) marks: Vec<Mark>,
}

/// All runs of a job.
pub(super) struct Track<'a> {
    /// The job.
    pub(super) total: &'a JobDuration,
    /// Its runs.
    pub(super) bars: Vec<Bar<'a>>,
    /// How many rows they take: as many as ran at once.
    pub(super) rows: usize,
}

/// A run.
pub(super) struct Bar<'a> {
    /// The run.
    pub(super) run: &'a GlueRun,
    /// When it started, in percent of the whole.
    pub(super) left: f64,
    /// How long it took, in percent of the whole.
    pub(super) width: f64,
    /// The row in which it covers no other.
    pub(super) row: usize,
}

/// A mark of the axis.
pub(super) struct Mark {
    /// Where it is, in percent of the whole.
    pub(super) left: f64,
    /// How long after the begin.
    pub(super) text: String,
}

impl<'a> Timeline<'a> {
    /// The timeline of a run; none where nobody knows when the jobs ran.
    pub(super) fn of(report: &'a Report) -> Option<Self> {
        let began = report.durations.iter().map(|total| total.started).min()?;
        let ended = report.durations.iter().map(|total| total.ended).max()?;
        // Glue tells whole seconds; runs that took none are shown, too.
        let seconds = (ended - began).as_seconds_f64().max(1.0);
        let track = |total: &'a JobDuration| {
            let runs = report.glue_runs.iter().filter(|run| run.job == total.job);
            track(total, runs, |moment| (moment - began).as_seconds_f64() / seconds * 100.0, report.timestamp)
        };
        Some(Self {
            began,
            ended,
            tracks: report.durations.iter().map(track).collect(),
            marks: marks(seconds),
        })
    }
}

/// Lays each run, in the order of their starts, in the first row that is free by then.
fn track<'a>(
    total: &'a JobDuration,
    runs: impl Iterator<Item = &'a GlueRun>,
    percent: impl Fn(OffsetDateTime) -> f64,
    now: OffsetDateTime,
) -> Track<'a> {
    let mut free_from: Vec<OffsetDateTime> = Vec::new();
    let mut bars = Vec::new();
    for run in runs {
        let Some((started, ended)) = run.span(now) else { continue };
        let row = free_from.iter().position(|free| *free <= started).unwrap_or(free_from.len());
        if row == free_from.len() {
            free_from.push(ended);
        } else {
            free_from[row] = ended;
        }
        bars.push(Bar { run, left: percent(started), width: percent(ended) - percent(started), row });
    }
    Track { total, bars, rows: free_from.len() }
}

/// The axis over so many seconds.
fn marks(seconds: f64) -> Vec<Mark> {
    let fits = STEPS.into_iter().map(f64::from).find(|step| seconds / step <= f64::from(MARKS));
    // Longer than the steps reach: whole days, as many as it takes.
    let step = fits.unwrap_or_else(|| DAY * (seconds / DAY / f64::from(MARKS)).ceil());
    let (unit, name) = if step < MINUTE {
        (1.0, "s")
    } else if step < HOUR {
        (MINUTE, "min")
    } else {
        (HOUR, "h")
    };
    let mark = |number: u32| {
        let after = f64::from(number) * step;
        Mark { left: after / seconds * 100.0, text: format!("{} {name}", after / unit) }
    };
    (0..=MARKS).map(mark).take_while(|mark| mark.left <= LAST_MARK_PERCENT).collect()
}

#[cfg(test)]
mod tests {
    use super::{marks, track};
    use crate::report::{GlueRun, JobDuration};
    use time::{Duration, OffsetDateTime};

    fn at(second: i64) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + Duration::seconds(second)
    }

    fn run(started: Option<i64>, ended: Option<i64>) -> GlueRun {
        GlueRun {
            job: "j".into(),
            id: String::new(),
            state: String::new(),
            started: started.map(at),
            ended: ended.map(at),
            seconds: 0,
            dpus: None,
            dpu_seconds: None,
            tables: None,
            error: None,
        }
    }

    #[test]
    fn runs_at_once_are_in_rows_of_their_own_and_a_free_row_is_taken_again() {
        let spans = [(0, 10), (2, 6), (6, 8), (7, 9), (10, 20)];
        let mut runs: Vec<GlueRun> = spans.iter().map(|&(from, to)| run(Some(from), Some(to))).collect();
        runs.push(run(Some(12), None));
        runs.push(run(None, None));
        let total = JobDuration {
            job: "j".into(),
            runs: 0,
            failed_runs: 0,
            started: at(0),
            ended: at(20),
            seconds: 20.0,
        };
        let percent = |moment: OffsetDateTime| (moment - at(0)).as_seconds_f64();
        let laid = track(&total, runs.iter(), percent, at(15));
        let rows: Vec<usize> = laid.bars.iter().map(|bar| bar.row).collect();
        assert_eq!((rows, laid.rows), (vec![0, 1, 1, 2, 0, 1], 3));
        let last = laid.bars.last().unwrap();
        assert_eq!(format!("{} {}", last.left, last.width), "12 3");
    }

    #[test]
    fn an_axis_has_few_marks_at_round_times() {
        let texts = |seconds| marks(seconds).into_iter().map(|mark| mark.text).collect::<Vec<_>>().join(", ");
        assert_eq!(texts(1.0), "0 s");
        assert_eq!(texts(27.0), "0 s, 10 s, 20 s");
        assert_eq!(texts(130.0), "0 s, 30 s, 60 s, 90 s, 120 s");
        assert_eq!(texts(7_640.0), "0 min, 30 min, 60 min, 90 min, 120 min");
        assert_eq!(texts(31_000.0), "0 h, 2 h, 4 h, 6 h, 8 h");
        assert_eq!(texts(864_001.0), "0 h, 72 h, 144 h, 216 h");
    }
}

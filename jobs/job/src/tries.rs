//! Trying again: how often, after which pause, and after which errors. The policy table is `ErrorKind::retry`.

use migration::outcome::{ErrorKind, Retry};
use std::fmt::Display;
use std::num::NonZeroU32;
use std::time::Duration;

/// How long to wait before the second attempt; doubled each time. A warehouse that restarts is back within a minute
/// or two, and ten attempts (the most that `--RETRY` takes) span more.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// The attempts of `--RETRY`, as they are used up.
#[derive(Debug)]
pub struct Tries {
    attempts: NonZeroU32,
    used: u32,
    /// What the pauses are multiplied by.
    spread: f64,
}

impl Tries {
    /// All attempts, the first of which is under way. Random bits make the pauses longer by up to their half: sessions that met each
    /// other, as in a conflict or at a busy S3, would meet again.
    pub fn of(attempts: NonZeroU32, random: [u8; 16]) -> Self {
        let spread = 1.0 + f64::from(u16::from_be_bytes([random[0], random[1]])) / f64::from(u16::MAX) / 2.0;
        Self { attempts, used: 1, spread }
    }

    /// Forgets what was used up: there was progress.
    pub fn begin_again(&mut self) {
        self.used = 1;
    }

    /// Waits for the next attempt after an error; `false` at once when there is none left, or none would help.
    pub async fn another(&mut self, kind: ErrorKind, error: impl Display) -> bool {
        let helps = match kind.retry() {
            // All that is tried again by this looks first, or is the same done twice as done once.
            Retry::Again | Retry::AfterLooking => true,
            Retry::Never => false,
        };
        if !helps || self.used >= self.attempts.get() {
            return false;
        }
        let pause = FIRST_PAUSE.mul_f64(self.spread) * 2_u32.saturating_pow(self.used - 1);
        self.used += 1;
        let seconds = pause.as_secs_f64();
        log::warn!("{error}; attempt {} of {} follows in {seconds:.1} s", self.used, self.attempts);
        tokio::time::sleep(pause).await;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Tries;
    use migration::outcome::ErrorKind;
    use std::num::NonZeroU32;
    use std::time::Duration;
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn attempts_run_out_and_pauses_double() {
        let (mut tries, started) = (Tries::of(NonZeroU32::new(3).unwrap(), [0; 16]), Instant::now());
        assert!(tries.another(ErrorKind::Unreachable, "lost").await);
        assert!(tries.another(ErrorKind::OutcomeUnknown, "lost").await);
        assert_eq!(started.elapsed(), Duration::from_millis(1500));
        assert!(!tries.another(ErrorKind::Unreachable, "lost").await);
        tries.begin_again();
        assert!(tries.another(ErrorKind::Throttled, "slow down").await);
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_differ_from_job_to_job() {
        let (mut tries, started) = (Tries::of(NonZeroU32::new(3).unwrap(), [255; 16]), Instant::now());
        assert!(tries.another(ErrorKind::Conflict, "conflict").await);
        assert_eq!(started.elapsed(), Duration::from_millis(750));
    }

    #[tokio::test(start_paused = true)]
    async fn what_only_a_person_can_help_is_not_tried_again() {
        let mut tries = Tries::of(NonZeroU32::new(3).unwrap(), [0; 16]);
        assert!(!tries.another(ErrorKind::Denied, "no").await);
        assert!(!tries.another(ErrorKind::Configuration, "no").await);
    }
}

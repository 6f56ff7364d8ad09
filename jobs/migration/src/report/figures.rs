//! Figures as people read them.

/// Bytes in the largest unit of a thousand that leaves one before the point: `1.2 GB`.
#[allow(clippy::cast_precision_loss, reason = "three digits are shown")]
pub(super) fn bytes(bytes: u64) -> String {
    let units = [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)];
    let number = bytes as f64;
    match units.into_iter().find(|(_, size)| number >= *size) {
        Some((unit, size)) => format!("{:.1} {unit}", number / size),
        None => format!("{bytes} bytes"),
    }
}

/// A duration in at most two units: `3.2 s`, `4 min 05 s`, `2 h 07 min`.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "durations are positive and short"
)]
pub(super) fn duration(seconds: f64) -> String {
    let whole = seconds.round().max(0.0) as u64;
    match whole {
        0..60 => format!("{seconds:.1} s"),
        60..3600 => format!("{} min {:02} s", whole / 60, whole % 60),
        3600.. => format!("{} h {:02} min", whole / 3600, whole % 3600 / 60),
    }
}

/// US dollars to the cent.
pub(super) fn dollars(dollars: f64) -> String {
    if dollars < 0.01 { "under $0.01".to_owned() } else { format!("${dollars:.2}") }
}

#[cfg(test)]
mod tests {
    use super::{bytes, dollars, duration};

    #[test]
    fn figures_read_well() {
        assert_eq!(
            [0, 999, 1_000, 2_340_000, 9_990_000_000].map(bytes),
            ["0 bytes", "999 bytes", "1.0 kB", "2.3 MB", "10.0 GB"]
        );
        assert_eq!(
            [0.0, 3.21, 59.4, 60.0, 3599.0, 7620.0].map(duration),
            ["0.0 s", "3.2 s", "59.4 s", "1 min 00 s", "59 min 59 s", "2 h 07 min"]
        );
        assert_eq!([0.0, 0.009, 0.014, 12.5].map(dollars), ["under $0.01", "under $0.01", "$0.01", "$12.50"]);
    }
}

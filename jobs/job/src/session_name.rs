//! The name that a warehouse lists a job's session by. It tells sessions apart, so that a new start ends those of its own
//! former one and no other.

use migration::digest::sha256;

/// The longest name: that of PostgreSQL's drivers and views. A longer one would be cut, and two tables' sessions be alike.
const MAX_BYTES: usize = 63;

/// Hexadecimal digits that stand for the rest of a long name.
const DIGEST_DIGITS: usize = 16;

/// Job, tenant and run, warehouse and detail, in words as long as they fit. Both warehouses may be one.
pub(crate) fn session_name(job: &str, run: &str, warehouse: &str, detail: &str) -> String {
    let name = format!("{job} {run} {warehouse} {detail}").trim_end().to_owned();
    // A name travels as ASCII: anything else may come back otherwise than it went.
    if name.len() <= MAX_BYTES && name.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return name;
    }
    let digest = sha256(&name);
    let words = name.chars().map(|c| if (' '..='~').contains(&c) { c } else { '?' });
    let words: String = words.take(MAX_BYTES - 1 - DIGEST_DIGITS).collect();
    format!("{words}~{}", &digest[..DIGEST_DIGITS])
}

#[cfg(test)]
mod tests {
    use super::session_name;

    #[test]
    fn a_short_name_is_in_words() {
        assert_eq!(session_name("migrate-schema", "r1", "target", ""), "migrate-schema r1 target");
        assert_eq!(
            session_name("migrate-data", "r1", "source", "\"s\".\"t\""),
            "migrate-data r1 source \"s\".\"t\""
        );
    }

    #[test]
    fn long_and_strange_names_stay_different() {
        let of = |detail: &str| session_name("migrate-data", "manual-1234567890-abcdef01", "target", detail);
        let long = "t".repeat(100);
        let (one, other) = (of(&format!("{long}1")), of(&format!("{long}2")));
        assert_ne!(one, other);
        assert_eq!(one.len(), 63);
        assert!(one.starts_with("migrate-data manual-1234567890-abcdef01 target~"));
        assert_ne!(of("ä"), of("ö"));
    }
}

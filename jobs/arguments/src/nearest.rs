//! The known name nearest to one that is not known, for the error message.

use strsim::damerau_levenshtein;

/// The candidate nearest to the name, letter case and the difference between `-` and `_` aside; `None` when
/// none is near enough to be what was meant: more than half of the letters would have to change.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace('-', "_");
    let wanted = plain(name);
    let (distance, candidate) = candidates
        .into_iter()
        .map(|candidate| (damerau_levenshtein(&wanted, &plain(candidate)), candidate))
        .min_by_key(|&(distance, _)| distance)?;
    (distance * 2 <= wanted.chars().count()).then_some(candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant() {
        let known = ["SCHEMAS", "S3_BUCKET", "TABLE_NAME"];
        assert_eq!(nearest("SCHEMA", known), Some("SCHEMAS"));
        assert_eq!(nearest("schemas", known), Some("SCHEMAS"));
        assert_eq!(nearest("table-name", known), Some("TABLE_NAME"));
        assert_eq!(nearest("TABEL_NAME", known), Some("TABLE_NAME"));
    }

    #[test]
    fn makes_no_wild_guess() {
        assert_eq!(nearest("PASSWORD", ["SCHEMAS", "S3_BUCKET"]), None);
        assert_eq!(nearest("X", []), None);
    }
}

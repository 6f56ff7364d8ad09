//! The manifest that UNLOAD … MANIFEST VERBOSE writes (`r_UNLOAD`, `unload-manifest-example`).

use serde::Deserialize;

/// What an UNLOAD says that it wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Data files.
    pub files: u64,
    /// Rows in all files.
    pub rows: u64,
    /// Bytes of all files, compressed.
    pub bytes: u64,
}

/// Why a manifest cannot be trusted.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// Not the JSON that r_UNLOAD describes.
    #[error("the manifest is not what UNLOAD … MANIFEST VERBOSE writes: {0}")]
    Malformed(#[from] serde_json::Error),
    /// The totals are not the sums of the entries.
    #[error("the manifest contradicts itself: its files hold {entries} {what}, its total says {total}")]
    Contradiction {
        /// Rows or bytes.
        what: &'static str,
        /// The sum over the entries.
        entries: u64,
        /// The total that the manifest states.
        total: u64,
    },
}

#[derive(Deserialize)]
struct Document {
    entries: Vec<Entry>,
    meta: Totals,
}

#[derive(Deserialize)]
struct Entry {
    meta: Totals,
}

#[derive(Deserialize)]
struct Totals {
    content_length: u64,
    record_count: u64,
}

impl Manifest {
    /// Reads a verbose manifest and checks its totals against its entries.
    pub fn parse(json: &[u8]) -> Result<Self, ManifestError> {
        let document: Document = serde_json::from_slice(json)?;
        let rows = document.entries.iter().map(|entry| entry.meta.record_count).sum();
        let bytes = document.entries.iter().map(|entry| entry.meta.content_length).sum();
        let total = |what, entries, total| {
            if entries == total { Ok(()) } else { Err(ManifestError::Contradiction { what, entries, total }) }
        };
        total("rows", rows, document.meta.record_count)?;
        total("bytes", bytes, document.meta.content_length)?;
        Ok(Self { files: document.entries.len() as u64, rows, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(total_rows: u64) -> String {
        format!(
            r#"{{"entries": [
                {{"url": "s3://b/0000_part_00.gz", "meta": {{"content_length": 10, "record_count": 2}}}},
                {{"url": "s3://b/0001_part_00.gz", "meta": {{"content_length": 5, "record_count": 1}}}}],
              "schema": {{"elements": []}},
              "meta": {{"content_length": 15, "record_count": {total_rows}}},
              "author": {{"name": "Amazon Redshift", "version": "1.0.0"}}}}"#
        )
    }

    #[test]
    fn totals_are_checked_against_the_files() {
        let read = Manifest::parse(manifest(3).as_bytes()).unwrap();
        assert_eq!(read, Manifest { files: 2, rows: 3, bytes: 15 });
        let error = Manifest::parse(manifest(4).as_bytes()).unwrap_err().to_string();
        assert_eq!(error, "the manifest contradicts itself: its files hold 3 rows, its total says 4");
        assert!(matches!(Manifest::parse(b"[]"), Err(ManifestError::Malformed(_))));
    }
}

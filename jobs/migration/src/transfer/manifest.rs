//! The manifest that UNLOAD … MANIFEST VERBOSE writes (`r_UNLOAD`, `unload-manifest-example`).

use serde::Deserialize;
use std::collections::BTreeMap;

/// What an UNLOAD says that it wrote: COPY reads these files and no others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The data files.
    pub files: Vec<ManifestFile>,
    /// Rows in all files.
    pub rows: u64,
    /// Bytes of all files, compressed.
    pub bytes: u64,
}

/// A data file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestFile {
    /// Where it lies.
    pub url: String,
    /// Its bytes, compressed.
    pub bytes: u64,
    /// Its rows.
    pub rows: u64,
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
    /// A file that this UNLOAD cannot have written.
    #[error("the manifest names {url}, which does not lie in {folder}")]
    Elsewhere {
        /// The file.
        url: String,
        /// The attempt's own folder.
        folder: String,
    },
    /// COPY would load a file twice that is named twice.
    #[error("the manifest names {0} twice")]
    Twice(String),
    /// A file is gone. COPY passes over a file that is not mandatory (`loading-data-files-using-manifest`).
    #[error("{0} is in the manifest and no longer in S3")]
    Gone(String),
    /// A file was altered.
    #[error("{url} has {found} bytes, and {stated} in the manifest")]
    Altered {
        /// The file.
        url: String,
        /// Its bytes in S3.
        found: u64,
        /// Its bytes as UNLOAD wrote it.
        stated: u64,
    },
}

#[derive(Deserialize)]
struct Document {
    entries: Vec<Entry>,
    meta: Totals,
}

#[derive(Deserialize)]
struct Entry {
    url: String,
    meta: Totals,
}

#[derive(Deserialize)]
struct Totals {
    content_length: u64,
    record_count: u64,
}

impl Manifest {
    /// Reads a verbose manifest; checks that its totals are those of its entries, and that these lie in `folder`, the URL that the
    /// UNLOAD was given.
    pub fn parse(json: &[u8], folder: &str) -> Result<Self, ManifestError> {
        let document: Document = serde_json::from_slice(json)?;
        let files: Vec<ManifestFile> = document
            .entries
            .into_iter()
            .map(|Entry { url, meta }| ManifestFile {
                url,
                bytes: meta.content_length,
                rows: meta.record_count,
            })
            .collect();
        let mut seen = std::collections::BTreeSet::new();
        for file in &files {
            if file.url.strip_prefix(folder).is_none_or(|name| name.is_empty() || name.contains('/')) {
                return Err(ManifestError::Elsewhere { url: file.url.clone(), folder: folder.to_owned() });
            }
            if !seen.insert(&file.url) {
                return Err(ManifestError::Twice(file.url.clone()));
            }
        }
        let total = |what, entries, total| {
            if entries == total { Ok(()) } else { Err(ManifestError::Contradiction { what, entries, total }) }
        };
        let rows = files.iter().map(|file| file.rows).sum();
        let bytes = files.iter().map(|file| file.bytes).sum();
        total("rows", rows, document.meta.record_count)?;
        total("bytes", bytes, document.meta.content_length)?;
        Ok(Self { files, rows, bytes })
    }

    /// Checks that the files are those that lie in S3, by their sizes. `listed` are the URLs of what lies in the UNLOAD's folder,
    /// with their bytes; other files there, such as the manifest, do not matter, for COPY does not read them.
    pub fn check_files(&self, listed: &BTreeMap<String, u64>) -> Result<(), ManifestError> {
        for ManifestFile { url, bytes, .. } in &self.files {
            match listed.get(url) {
                None => return Err(ManifestError::Gone(url.clone())),
                Some(found) if found != bytes => {
                    return Err(ManifestError::Altered { url: url.clone(), found: *found, stated: *bytes });
                }
                Some(_) => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOLDER: &str = "s3://b/a/";

    fn manifest(second: &str, total_rows: u64) -> String {
        format!(
            r#"{{"entries": [
                {{"url": "s3://b/a/0000_part_00.zst", "meta": {{"content_length": 10, "record_count": 2}}}},
                {{"url": "{second}", "meta": {{"content_length": 5, "record_count": 1}}}}],
              "schema": {{"elements": []}},
              "meta": {{"content_length": 15, "record_count": {total_rows}}},
              "author": {{"name": "Amazon Redshift", "version": "1.0.0"}}}}"#
        )
    }

    fn parse(second: &str, total_rows: u64) -> Result<Manifest, String> {
        Manifest::parse(manifest(second, total_rows).as_bytes(), FOLDER).map_err(|error| error.to_string())
    }

    #[test]
    fn totals_are_checked_against_the_files() {
        let read = parse("s3://b/a/0001_part_00.zst", 3).unwrap();
        assert_eq!((read.files.len(), read.rows, read.bytes), (2, 3, 15));
        let error = parse("s3://b/a/0001_part_00.zst", 4).unwrap_err();
        assert_eq!(error, "the manifest contradicts itself: its files hold 3 rows, its total says 4");
        assert!(matches!(Manifest::parse(b"[]", FOLDER), Err(ManifestError::Malformed(_))));
    }

    #[test]
    fn every_file_is_of_this_attempt_and_named_once() {
        for elsewhere in ["s3://b/other/0001_part_00.zst", "s3://b/a/", "s3://b/a/deeper/f", "s3://b/a2/f"] {
            let error = parse(elsewhere, 3).unwrap_err();
            assert_eq!(error, format!("the manifest names {elsewhere}, which does not lie in s3://b/a/"));
        }
        let error = parse("s3://b/a/0000_part_00.zst", 3).unwrap_err();
        assert_eq!(error, "the manifest names s3://b/a/0000_part_00.zst twice");
    }

    #[test]
    fn files_that_are_gone_or_altered_are_named() {
        let manifest = parse("s3://b/a/1.zst", 3).unwrap();
        let check = |second: Option<u64>| {
            let mut listed =
                BTreeMap::from([("s3://b/a/0000_part_00.zst".into(), 10), ("s3://b/a/manifest".into(), 9)]);
            listed.extend(second.map(|bytes| ("s3://b/a/1.zst".to_owned(), bytes)));
            manifest.check_files(&listed).map_err(|error| error.to_string())
        };
        assert_eq!(check(Some(5)), Ok(()));
        assert_eq!(check(Some(6)).unwrap_err(), "s3://b/a/1.zst has 6 bytes, and 5 in the manifest");
        assert_eq!(check(None).unwrap_err(), "s3://b/a/1.zst is in the manifest and no longer in S3");
    }
}

//! Manifests: the one UNLOAD writes (`r_UNLOAD`, `r_UNLOAD_command_examples`) and any that COPY reads
//! (`loading-data-files-using-manifest`).

use serde::{Deserialize, Serialize};

use super::column::Column;
use crate::statement::Location;

/// What UNLOAD tells of one file.
#[derive(Clone, Debug)]
pub struct UnloadedFile {
    /// Where it is.
    pub location: Location,
    /// Its size in bytes, as it lies in S3.
    pub content_length: u64,
    /// Its rows, a header line included.
    pub record_count: u64,
}

#[derive(Serialize)]
struct Written<'a> {
    entries: Vec<WrittenEntry>,
    #[serde(flatten)]
    details: Option<Details<'a>>,
}

#[derive(Serialize)]
struct WrittenEntry {
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<Size>,
}

#[derive(Clone, Copy, Serialize)]
struct Size {
    content_length: u64,
    record_count: u64,
}

#[derive(Serialize)]
struct Details<'a> {
    schema: Schema<'a>,
    meta: Size,
    author: Author,
}

#[derive(Serialize)]
struct Schema<'a> {
    elements: Vec<Element<'a>>,
}

#[derive(Serialize)]
struct Element<'a> {
    name: &'a str,
    r#type: Type<'a>,
}

#[derive(Serialize)]
struct Type<'a> {
    base: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    precision: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scale: Option<u32>,
}

#[derive(Serialize)]
struct Author {
    name: &'static str,
    version: &'static str,
}

/// The manifest of `MANIFEST`: the files' URLs.
pub fn urls(files: &[UnloadedFile]) -> serde_json::Result<Vec<u8>> {
    let entries = files.iter().map(|file| WrittenEntry { url: file.location.to_string(), meta: None });
    serde_json::to_vec_pretty(&Written { entries: entries.collect(), details: None })
}

/// The manifest of `MANIFEST VERBOSE`: sizes and rows, the columns, and the totals.
pub fn verbose(files: &[UnloadedFile], columns: &[Column]) -> serde_json::Result<Vec<u8>> {
    let size =
        |file: &UnloadedFile| Size { content_length: file.content_length, record_count: file.record_count };
    let entries =
        files.iter().map(|file| WrittenEntry { url: file.location.to_string(), meta: Some(size(file)) });
    let total = Size {
        content_length: files.iter().map(|file| file.content_length).sum(),
        record_count: files.iter().map(|file| file.record_count).sum(),
    };
    let elements = columns.iter().map(|column| Element {
        name: &column.name,
        r#type: Type {
            base: &column.base_type,
            max_length: column.max_bytes,
            precision: column.precision_and_scale.map(|(precision, _)| precision),
            scale: column.precision_and_scale.map(|(_, scale)| scale),
        },
    });
    serde_json::to_vec_pretty(&Written {
        entries: entries.collect(),
        details: Some(Details {
            schema: Schema { elements: elements.collect() },
            meta: total,
            author: Author { name: "Amazon Redshift", version: "1.0.0" },
        }),
    })
}

/// A file that a manifest tells COPY to load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it is.
    pub location: Location,
    /// Whether COPY fails if it is not there.
    pub mandatory: bool,
    /// The size in bytes it must have, if the manifest says so.
    pub content_length: Option<u64>,
}

#[derive(Deserialize)]
struct Read {
    entries: Vec<ReadEntry>,
}

#[derive(Deserialize)]
struct ReadEntry {
    url: String,
    #[serde(default)]
    mandatory: bool,
    meta: Option<ReadMeta>,
}

#[derive(Deserialize)]
struct ReadMeta {
    content_length: Option<u64>,
}

/// Reads a manifest for COPY; what COPY has no use for is passed over.
///
/// # Errors
/// What is wrong, if it is not a manifest or an entry has no full S3 URL.
pub fn read(text: &[u8]) -> Result<Vec<Entry>, String> {
    let manifest: Read = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    manifest
        .entries
        .into_iter()
        .map(|entry| {
            let location =
                Location::parse(&entry.url).ok_or_else(|| format!("not an S3 URL: {}", entry.url))?;
            let content_length = entry.meta.and_then(|meta| meta.content_length);
            Ok(Entry { location, mandatory: entry.mandatory, content_length })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Entry, UnloadedFile, read, urls, verbose};
    use crate::statement::Location;
    use crate::transfer::column::Column;

    fn location(key: &str) -> Location {
        Location { bucket: "b".to_owned(), key: key.to_owned() }
    }

    fn files() -> [UnloadedFile; 2] {
        [
            UnloadedFile { location: location("p/0000_part_00.gz"), content_length: 10, record_count: 2 },
            UnloadedFile { location: location("p/0001_part_00.gz"), content_length: 5, record_count: 1 },
        ]
    }

    #[test]
    fn verbose_tells_sizes_rows_columns_and_totals() {
        let columns = [
            Column::described("n", "numeric(10,2)", "numeric"),
            Column::described("v", "character varying(25)", "varchar"),
        ];
        let manifest: serde_json::Value =
            serde_json::from_slice(&verbose(&files(), &columns).unwrap()).unwrap();
        assert_eq!(
            manifest,
            serde_json::json!({
                "entries": [
                    {"url": "s3://b/p/0000_part_00.gz", "meta": {"content_length": 10, "record_count": 2}},
                    {"url": "s3://b/p/0001_part_00.gz", "meta": {"content_length": 5, "record_count": 1}},
                ],
                "schema": {"elements": [
                    {"name": "n", "type": {"base": "numeric", "precision": 10, "scale": 2}},
                    {"name": "v", "type": {"base": "character varying", "max_length": 25}},
                ]},
                "meta": {"content_length": 15, "record_count": 3},
                "author": {"name": "Amazon Redshift", "version": "1.0.0"},
            })
        );
    }

    #[test]
    fn the_plain_one_tells_urls_alone() {
        let manifest: serde_json::Value = serde_json::from_slice(&urls(&files()).unwrap()).unwrap();
        assert_eq!(
            manifest,
            serde_json::json!({"entries": [{"url": "s3://b/p/0000_part_00.gz"}, {"url": "s3://b/p/0001_part_00.gz"}]})
        );
    }

    #[test]
    fn copy_reads_what_unload_writes_and_what_people_write() {
        let entries = read(&verbose(&files(), &[]).unwrap()).unwrap();
        assert_eq!(
            entries[1],
            Entry { location: location("p/0001_part_00.gz"), mandatory: false, content_length: Some(5) }
        );
        let entries = read(br#"{"entries": [{"url": "s3://b/x", "mandatory": true}]}"#).unwrap();
        assert_eq!(entries, [Entry { location: location("x"), mandatory: true, content_length: None }]);
        assert!(read(br#"{"entries": [{"url": "b/x"}]}"#).is_err());
        assert!(read(b"[]").is_err());
    }
}

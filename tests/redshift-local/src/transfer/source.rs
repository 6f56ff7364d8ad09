//! The files that a COPY loads: those of a manifest, or all whose keys begin with a prefix.

use std::collections::HashSet;

use super::manifest;
use super::s3::{Object, S3};
use crate::statement::{Copy, CopyFormat, Location, StatementError};

/// The largest manifest that is read; a hundred thousand entries fit.
const MAX_MANIFEST_BYTES: u64 = 64 * 1024 * 1024;

/// The files to load, in order, each known to be there.
///
/// # Errors
/// When there is none, or the manifest is missing, malformed, or does not match what is there.
pub async fn files(statement: &Copy, s3: &S3) -> Result<Vec<Object>, StatementError> {
    let parquet = matches!(statement.format, CopyFormat::Parquet { .. });
    let files = if statement.manifest {
        of_manifest(&statement.source, parquet, s3).await?
    } else {
        s3.list(&statement.source).await?
    };
    if files.is_empty() {
        let key = &statement.source.key;
        return Err(StatementError::new("XX000", format!("The specified S3 prefix '{key}' does not exist"))
            .with_detail(format!("no file to load was found for {}", statement.source)));
    }
    Ok(files)
}

/// `loading-data-files-using-manifest`: `mandatory` is false unless given; columnar formats need `meta.content_length`;
/// all buckets are in one region. A size that does not match means that the file is not the one the manifest was written
/// for.
async fn of_manifest(manifest: &Location, parquet: bool, s3: &S3) -> Result<Vec<Object>, StatementError> {
    let problem = |what: String| {
        StatementError::new("XX000", format!("Problem reading manifest file - {what}"))
            .with_detail(format!("manifest {manifest}"))
    };
    match s3.size_of(manifest).await? {
        None => {
            return Err(problem(
                "S3ServiceException:The specified key does not exist.,Status 404,Error NoSuchKey".to_owned(),
            ));
        }
        Some(size) if size > MAX_MANIFEST_BYTES => return Err(problem(format!("it has {size} bytes"))),
        Some(_) => {}
    }
    let text = s3.read(manifest).await?.collect().await.map_err(|error| problem(error.to_string()))?;
    let entries = manifest::read(&text.into_bytes()).map_err(problem)?;
    let buckets: HashSet<&str> = entries.iter().map(|entry| entry.location.bucket.as_str()).collect();
    for bucket in buckets {
        if bucket != manifest.bucket {
            s3.check_bucket(bucket).await?;
        }
    }
    let mut files = Vec::new();
    for entry in entries {
        let location = entry.location;
        match (s3.size_of(&location).await?, entry.content_length) {
            (None, _) if entry.mandatory => {
                return Err(problem(format!("mandatory file {location} does not exist")));
            }
            (None, _) => {}
            (Some(_), None) if parquet => {
                return Err(problem(format!("meta.content_length of {location} is missing")));
            }
            (Some(size), Some(expected)) if size != expected => {
                return Err(problem(format!("file {location} has {size} bytes instead of {expected}")));
            }
            (Some(size), _) => files.push(Object { location, size }),
        }
    }
    Ok(files)
}

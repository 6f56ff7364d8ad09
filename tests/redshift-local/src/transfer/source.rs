//! The files that a COPY loads: those of a manifest, or all whose keys begin with a prefix.

use super::manifest;
use super::s3::S3;
use crate::statement::{Copy, Location, StatementError};

/// The largest manifest that is read; a hundred thousand entries fit.
const MAX_MANIFEST_BYTES: u64 = 64 * 1024 * 1024;

/// The files to load, in order, each known to be there.
///
/// # Errors
/// When there is none, or the manifest is missing, malformed, or does not match what is there.
pub async fn files(statement: &Copy, s3: &S3) -> Result<Vec<Location>, StatementError> {
    let files = if statement.manifest {
        of_manifest(&statement.source, s3).await?
    } else {
        s3.list(&statement.source).await?.into_iter().map(|object| object.location).collect()
    };
    if files.is_empty() {
        return Err(StatementError::new("XX000", "The specified S3 prefix does not exist")
            .with_detail(format!("no file to load was found for {}", statement.source)));
    }
    Ok(files)
}

/// `mandatory` is false unless given (`loading-data-files-using-manifest`). A size that does not match means that the
/// file is not the one the manifest was written for.
async fn of_manifest(manifest: &Location, s3: &S3) -> Result<Vec<Location>, StatementError> {
    let problem = |what: String| {
        StatementError::new("XX000", format!("Problem reading manifest file - {what}"))
            .with_detail(format!("manifest {manifest}"))
    };
    match s3.size_of(manifest).await? {
        None => {
            return Err(problem(
                "S3ServiceException: it does not exist, Status 404, Error NoSuchKey".to_owned(),
            ));
        }
        Some(size) if size > MAX_MANIFEST_BYTES => return Err(problem(format!("it has {size} bytes"))),
        Some(_) => {}
    }
    let text = s3.read(manifest).await?.collect().await.map_err(|error| problem(error.to_string()))?;
    let mut files = Vec::new();
    for entry in manifest::read(&text.into_bytes()).map_err(problem)? {
        match (s3.size_of(&entry.location).await?, entry.content_length) {
            (None, _) if entry.mandatory => {
                return Err(problem(format!("mandatory file {} does not exist", entry.location)));
            }
            (None, _) => {}
            (Some(size), Some(expected)) if size != expected => {
                return Err(problem(format!(
                    "file {} has {size} bytes instead of {expected}",
                    entry.location
                )));
            }
            (Some(_), _) => files.push(entry.location),
        }
    }
    Ok(files)
}

//! Objects in S3 below one prefix. Keys here are relative to it, so that nothing can be read, written or
//! removed elsewhere.

mod s3;

pub use s3::S3Objects;

use migration::outcome::ErrorKind;

use crate::AwsError;

/// An object of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// Its size.
    pub bytes: u64,
}

/// Which version of an object it is: S3's entity tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(String);

#[cfg(any(test, feature = "testing"))]
impl Version {
    /// The version of this tag.
    pub(crate) fn of_tag(tag: String) -> Self {
        Self(tag)
    }
}

/// A place for objects.
pub trait ObjectStore: Send + Sync {
    /// Puts a whole object, in place of one that is there.
    ///
    /// # Errors
    /// The place cannot be reached or written to.
    fn put(&self, key: &str, content: Vec<u8>) -> impl Future<Output = Result<(), AwsError>> + Send;

    /// Puts a whole object in place of this version, or where there is none; gives its own version. `None`, and nothing is
    /// put, when the object is another version by now, or there is one.
    ///
    /// # Errors
    /// The place cannot be reached or written to.
    fn put_in_place_of(
        &self,
        version: Option<&Version>,
        key: &str,
        content: Vec<u8>,
    ) -> impl Future<Output = Result<Option<Version>, AwsError>> + Send;

    /// The whole object and its version, or `None` when there is none.
    ///
    /// # Errors
    /// The place cannot be reached or read.
    fn get_version(
        &self,
        key: &str,
    ) -> impl Future<Output = Result<Option<(Vec<u8>, Version)>, AwsError>> + Send;

    /// The whole object, or `None` when there is none.
    ///
    /// # Errors
    /// The place cannot be reached or read.
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<Vec<u8>>, AwsError>> + Send {
        async move { Ok(self.get_version(key).await?.map(|(content, _)| content)) }
    }

    /// The objects whose keys begin with a prefix, in ascending order of these.
    ///
    /// # Errors
    /// The place cannot be reached or listed.
    fn list(&self, prefix: &str) -> impl Future<Output = Result<Vec<Listed>, AwsError>> + Send;

    /// Removes all objects whose keys begin with a prefix, and says how many there were. The prefix is a
    /// folder: it ends with a slash.
    ///
    /// # Errors
    /// The prefix is no folder, the place cannot be reached, or an object cannot be removed.
    fn delete_prefix(&self, prefix: &str) -> impl Future<Output = Result<usize, AwsError>> + Send;
}

/// Refuses a prefix that is no folder: `run-1` would take `run-10` with it, and nothing at all would take
/// everything.
pub(crate) fn check_folder(prefix: &str) -> Result<(), AwsError> {
    if prefix.len() > 1 && prefix.ends_with('/') {
        Ok(())
    } else {
        Err(AwsError::new(
            ErrorKind::Internal,
            format!("removing the objects of {prefix}: it is no folder; report this as a defect"),
        ))
    }
}

//! Objects in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use migration::digest::sha256;

use crate::objects::check_folder;
use crate::{AwsError, Listed, ObjectStore, Version};

/// Objects in memory: what is put can be looked at. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct MemoryObjects {
    objects: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
}

impl MemoryObjects {
    /// A copy of all objects by key.
    pub fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        self.locked().clone()
    }

    /// The objects; a test that panicked meanwhile has not left them half changed.
    fn locked(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An entity tag tells contents apart, as S3's does.
fn version_of(content: &[u8]) -> Version {
    Version::of_tag(sha256(content))
}

impl ObjectStore for MemoryObjects {
    async fn put(&self, key: &str, content: Vec<u8>) -> Result<(), AwsError> {
        self.locked().insert(key.to_owned(), content);
        Ok(())
    }

    async fn put_in_place_of(
        &self,
        version: Option<&Version>,
        key: &str,
        content: Vec<u8>,
    ) -> Result<Option<Version>, AwsError> {
        let mut objects = self.locked();
        if objects.get(key).map(|content| version_of(content)).as_ref() != version {
            return Ok(None);
        }
        let version = version_of(&content);
        objects.insert(key.to_owned(), content);
        Ok(Some(version))
    }

    async fn get_version(&self, key: &str) -> Result<Option<(Vec<u8>, Version)>, AwsError> {
        Ok(self.locked().get(key).map(|content| (content.clone(), version_of(content))))
    }

    async fn list(&self, prefix: &str) -> Result<Vec<Listed>, AwsError> {
        let objects = self.locked();
        let found = objects.iter().filter(|(key, _)| key.starts_with(prefix));
        Ok(found.map(|(key, content)| Listed { key: key.clone(), bytes: content.len() as u64 }).collect())
    }

    async fn delete_prefix(&self, prefix: &str) -> Result<usize, AwsError> {
        check_folder(prefix)?;
        let mut objects = self.locked();
        let before = objects.len();
        objects.retain(|key, _| !key.starts_with(prefix));
        Ok(before - objects.len())
    }
}

#[cfg(test)]
mod tests {
    use super::MemoryObjects;
    use crate::{Listed, ObjectStore};

    #[tokio::test]
    async fn what_somebody_else_put_meanwhile_stays() {
        let store = MemoryObjects::default();
        let first = store.put_in_place_of(None, "k", b"a".to_vec()).await.unwrap();
        assert_eq!(store.get_version("k").await.unwrap().map(|(_, version)| version), first);
        assert_eq!(store.put_in_place_of(None, "k", b"b".to_vec()).await, Ok(None));
        assert!(store.put_in_place_of(first.as_ref(), "k", b"c".to_vec()).await.unwrap().is_some());
        assert_eq!(store.put_in_place_of(first.as_ref(), "k", b"d".to_vec()).await, Ok(None));
        assert_eq!(store.get("k").await, Ok(Some(b"c".to_vec())));
    }

    #[tokio::test]
    async fn a_folder_is_removed_without_its_neighbours() {
        let store = MemoryObjects::default();
        for key in ["run-1/a", "run-1/b/c", "run-10/a"] {
            store.put(key, Vec::new()).await.unwrap();
        }
        assert_eq!(store.delete_prefix("run-1/").await, Ok(2));
        assert_eq!(store.list("run").await.unwrap(), [Listed { key: "run-10/a".to_owned(), bytes: 0 }]);
        for prefix in ["", "/", "run-1"] {
            assert!(store.delete_prefix(prefix).await.is_err(), "{prefix}");
        }
    }
}

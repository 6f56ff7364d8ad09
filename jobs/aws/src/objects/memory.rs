//! Objects in memory, for tests.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::{Listed, ObjectStore, check_folder};
use crate::AwsError;

/// Objects in memory, for tests: what is put can be looked at.
#[derive(Debug, Default)]
pub struct MemoryObjects {
    objects: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl MemoryObjects {
    /// A copy of all objects by key.
    pub fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        self.locked().clone()
    }

    /// The objects; a test that panicked meanwhile has not left them half changed.
    fn locked(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ObjectStore for MemoryObjects {
    async fn put(&self, key: &str, content: Vec<u8>) -> Result<(), AwsError> {
        self.locked().insert(key.to_owned(), content);
        Ok(())
    }

    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, AwsError> {
        Ok(self.locked().get(key).cloned())
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
    use super::{Listed, MemoryObjects, ObjectStore};

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

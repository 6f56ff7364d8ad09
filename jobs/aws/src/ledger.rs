//! The ledger: documents of a run in S3, each put whole by one writer.
//!
//! What the documents say is in `migration::outcome`; where they lie is in [`crate::RunKeys`]. Here is only
//! their form: JSON with sorted keys, indented, each object with the member `"format": 1`. Equal documents
//! are equal bytes.

use futures_util::{StreamExt, TryStreamExt, stream};
use migration::outcome::{ErrorKind, FORMAT};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{AwsError, ObjectStore, Version};

/// How many documents are fetched at a time: a tenant may have ten thousand tables.
pub const DOCUMENTS_AT_ONCE: usize = 32;

/// A document of the ledger, which says itself whose it is.
pub trait Document: DeserializeOwned {
    /// Whether it may lie at this key: a document of another run or table is not gone on from.
    fn lies_at(&self, key: &str) -> bool;

    /// What to do about one that cannot be read.
    const REMEDY: &str = "remove it, or start a run under a new --RUN_ID";
}

/// The ledger in an object store.
#[derive(Clone, Debug)]
pub struct Ledger<S> {
    objects: S,
}

impl<S: ObjectStore> Ledger<S> {
    /// The ledger that lies in this store.
    pub fn new(objects: S) -> Self {
        Self { objects }
    }

    /// The store, for what is no document of the ledger: unloaded files.
    pub fn objects(&self) -> &S {
        &self.objects
    }

    /// Puts a document: an object, or an array of objects, each of which says its `format`.
    ///
    /// # Errors
    /// The store cannot be written to, or the document does not say its format.
    pub async fn put(&self, key: &str, document: &impl Serialize) -> Result<(), AwsError> {
        self.objects.put(key, encode(key, document)?).await
    }

    /// Puts a text as it is: a plan for people.
    ///
    /// # Errors
    /// The store cannot be written to.
    pub async fn put_text(&self, key: &str, text: &str) -> Result<(), AwsError> {
        self.objects.put(key, text.as_bytes().to_vec()).await
    }

    /// Puts a document in place of a version of it, or where there is none; gives its new version. `None`, and nothing is
    /// put, when another writer was faster.
    ///
    /// # Errors
    /// As [`Ledger::put`].
    pub async fn put_in_place_of(
        &self,
        version: Option<&Version>,
        key: &str,
        document: &impl Serialize,
    ) -> Result<Option<Version>, AwsError> {
        self.objects.put_in_place_of(version, key, encode(key, document)?).await
    }

    /// Every document in a folder, by key.
    ///
    /// # Errors
    /// The store cannot be listed or read, or what lies there is no such document, of another format, or another's.
    pub async fn all<T: Document>(&self, folder: &str) -> Result<Vec<T>, AwsError> {
        let listed = self.objects.list(folder).await?;
        let read = stream::iter(&listed).map(|object| self.get(&object.key)).buffered(DOCUMENTS_AT_ONCE);
        // One that is gone since the listing was removed on purpose.
        Ok(read.try_collect::<Vec<Option<T>>>().await?.into_iter().flatten().collect())
    }

    /// A document, or `None` when it has not been put.
    ///
    /// # Errors
    /// The store cannot be read, or what lies there is no such document, of another format, or another's.
    pub async fn get<T: Document>(&self, key: &str) -> Result<Option<T>, AwsError> {
        Ok(self.get_version(key).await?.map(|(document, _)| document))
    }

    /// The same with its version, for [`Ledger::put_in_place_of`].
    ///
    /// # Errors
    /// As [`Ledger::get`].
    pub async fn get_version<T: Document>(&self, key: &str) -> Result<Option<(T, Version)>, AwsError> {
        match self.objects.get_version(key).await? {
            None => Ok(None),
            Some((content, version)) => Ok(Some((decode(key, &content)?, version))),
        }
    }
}

/// The bytes of a document. `Value` sorts the keys of its objects, which makes them canonical.
fn encode(key: &str, document: &impl Serialize) -> Result<Vec<u8>, AwsError> {
    let defect = |problem: String| {
        AwsError::new(ErrorKind::Internal, format!("the document {key} {problem}; report this as a defect"))
    };
    let value = serde_json::to_value(document).map_err(|_| defect("cannot be written as JSON".to_owned()))?;
    check_format(&value).map_err(defect)?;
    Ok(format!("{value:#}\n").into_bytes())
}

/// Reads a document's bytes. The reader's own words are left out of errors: they quote values.
fn decode<T: Document>(key: &str, content: &[u8]) -> Result<T, AwsError> {
    let refuse =
        |problem: String| AwsError::configuration(format!("the document {key} {problem}; {}", T::REMEDY));
    let value: Value = serde_json::from_slice(content).map_err(|_| refuse("is not JSON".to_owned()))?;
    check_format(&value).map_err(refuse)?;
    let document: T =
        serde_json::from_value(value).map_err(|_| refuse("does not have the fields it should".to_owned()))?;
    if !document.lies_at(key) {
        return Err(refuse("speaks of another tenant, run, job or table than its key".to_owned()));
    }
    Ok(document)
}

/// Sees to it that an object, or each object of an array, is of the format of this version; the error reads
/// on from the document's key.
fn check_format(value: &Value) -> Result<(), String> {
    let objects = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    for object in objects {
        match object.get("format").and_then(Value::as_u64) {
            Some(format) if format == u64::from(FORMAT) => {}
            Some(other) => return Err(format!("has format {other}, and this version reads format {FORMAT}")),
            None => return Err("does not say its format".to_owned()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use migration::outcome::ErrorKind;
    use serde::{Deserialize, Serialize};
    use serde_json::{Value, json};

    use super::{Document, Ledger};
    use crate::ObjectStore;
    use crate::testing::MemoryObjects;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Animals {
        format: u32,
        zebra: u32,
        apple: String,
    }

    impl Document for Animals {
        fn lies_at(&self, key: &str) -> bool {
            key == "k"
        }
    }

    impl Document for Vec<Value> {
        fn lies_at(&self, _: &str) -> bool {
            true
        }
    }

    #[tokio::test]
    async fn a_document_comes_back_as_it_was_put() {
        let ledger = Ledger::new(MemoryObjects::default());
        let document = Animals { format: 1, zebra: 1, apple: "ä".to_owned() };
        assert_eq!(ledger.get::<Animals>("k").await.unwrap(), None);
        ledger.put("k", &document).await.unwrap();
        assert_eq!(ledger.get("k").await.unwrap(), Some(document));
        let text = String::from_utf8(ledger.objects().objects()["k"].clone()).unwrap();
        assert_eq!(text, "{\n  \"apple\": \"ä\",\n  \"format\": 1,\n  \"zebra\": 1\n}\n");
    }

    #[tokio::test]
    async fn what_is_no_such_document_is_refused_without_its_content() {
        let ledger = Ledger::new(MemoryObjects::default());
        for content in [
            "Hunter2",
            r#"{"zebra":1,"apple":"Hunter2"}"#,
            r#"{"format":2,"zebra":1,"apple":"Hunter2"}"#,
            r#"{"format":1,"zebra":"Hunter2","apple":""}"#,
        ] {
            ledger.objects().put("k", content.into()).await.unwrap();
            let error = ledger.get::<Animals>("k").await.unwrap_err();
            assert_eq!(error.kind, ErrorKind::Configuration);
            assert!(
                error.to_string().contains("the document k ") && !error.to_string().contains("Hunter2"),
                "{error}"
            );
        }
    }

    #[tokio::test]
    async fn an_array_is_a_document_when_each_item_says_its_format() {
        let ledger = Ledger::new(MemoryObjects::default());
        let items = [json!({"format": 1, "table": "a"}), json!({"format": 1, "table": "b"})];
        ledger.put("k", &items).await.unwrap();
        assert_eq!(ledger.get::<Vec<Value>>("k").await.unwrap().unwrap(), items);
    }

    #[tokio::test]
    async fn a_document_under_a_key_of_another_is_refused() {
        let ledger = Ledger::new(MemoryObjects::default());
        ledger.put("other", &Animals { format: 1, zebra: 1, apple: String::new() }).await.unwrap();
        let error = ledger.get::<Animals>("other").await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Configuration);
        assert!(error.to_string().contains("other speaks of another tenant"), "{error}");
    }

    #[tokio::test]
    async fn a_document_without_format_is_not_put() {
        let ledger = Ledger::new(MemoryObjects::default());
        for document in [json!([1, 2]), json!({}), json!({"format": 2}), json!([{"format": 1}, {}])] {
            assert_eq!(ledger.put("k", &document).await.unwrap_err().kind, ErrorKind::Internal);
        }
        assert!(ledger.objects().objects().is_empty());
    }
}

//! What a person should know about an object: as a value, and as documents tell it.

use super::{Reason, Subject};
use serde::{Deserialize, Serialize, Serializer};

/// Something that a person should know about one object. Programs compare the subject and the reason; documents hold their
/// texts, as [`NoteText`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The object.
    pub subject: Subject,
    /// What is the matter, and what to do about it.
    pub reason: Reason,
    /// Both definitions, where the target has another one. They are not logged: a routine's body may hold anything.
    pub definitions: Option<Definitions>,
}

/// A note as a document tells it. Every text is for people alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NoteText {
    /// The object.
    pub object: String,
    /// What is the matter.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
    /// Both definitions, where the target has another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definitions: Option<Definitions>,
}

/// How either side defines one object, without the credentials that a body may hold: a document is read by more than may use these.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Definitions {
    /// The statement that would create it as it is on the source.
    pub source: String,
    /// The same for the target.
    pub target: String,
}

impl Note {
    /// A note on an object, without definitions.
    pub fn new(subject: Subject, reason: impl Into<Reason>) -> Self {
        Self { subject, reason: reason.into(), definitions: None }
    }
}

impl From<&Note> for NoteText {
    fn from(note: &Note) -> Self {
        Self {
            object: note.subject.to_string(),
            reason: note.reason.to_string(),
            remedy: note.reason.remedy().into_owned(),
            definitions: note.definitions.clone(),
        }
    }
}

impl Serialize for Note {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        NoteText::from(self).serialize(serializer)
    }
}

/// The texts of notes, in the same order.
pub fn note_texts(notes: &[Note]) -> Vec<NoteText> {
    notes.iter().map(NoteText::from).collect()
}

/// Puts notes into the order of their texts, in which people read them.
pub(super) fn sort(notes: &mut [Note]) {
    notes.sort_by_cached_key(|note| NoteText::from(note));
}

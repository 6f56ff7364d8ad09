//! What is said of objects, each thing once: a right that lacks may cost hundreds of tables.

use crate::outcome::FailedStep;
use crate::plan::NoteText;
use crate::report::FailedTable;
use std::collections::BTreeMap;

/// What is said of one object.
pub(super) struct Remark<'a> {
    /// The object, for people to read.
    pub(super) object: String,
    /// What is the matter.
    pub(super) reason: &'a str,
    /// What to do about it.
    pub(super) remedy: &'a str,
}

/// The objects of which the same is said.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Group<'a> {
    /// The objects, in the order in which they were told.
    pub(super) objects: Vec<String>,
    /// What is the matter.
    pub(super) reason: &'a str,
    /// What to do about it.
    pub(super) remedy: &'a str,
}

/// The remarks in groups, those of most objects first.
pub(super) fn of<'a>(remarks: impl IntoIterator<Item = Remark<'a>>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group> = Vec::new();
    let mut places: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for Remark { object, reason, remedy } in remarks {
        let place = *places.entry((reason, remedy)).or_insert_with(|| {
            groups.push(Group { objects: Vec::new(), reason, remedy });
            groups.len() - 1
        });
        groups[place].objects.push(object);
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.objects.len()));
    groups
}

impl<'a> From<&'a NoteText> for Remark<'a> {
    fn from(note: &'a NoteText) -> Self {
        Self { object: note.object.clone(), reason: &note.reason, remedy: &note.remedy }
    }
}

impl<'a> From<&'a FailedTable> for Remark<'a> {
    fn from(table: &'a FailedTable) -> Self {
        Self { object: table.table.plain(), reason: &table.cause, remedy: &table.remedy }
    }
}

impl<'a> From<&'a FailedStep> for Remark<'a> {
    fn from(step: &'a FailedStep) -> Self {
        Self { object: step.object.clone(), reason: &step.message, remedy: &step.remedy }
    }
}

#[cfg(test)]
mod tests {
    use super::{Remark, of};

    #[test]
    fn what_is_said_of_many_is_said_once_and_first() {
        let remark = |object: &str, reason, remedy| Remark { object: object.to_owned(), reason, remedy };
        let groups = of([
            remark("a", "too wide", "widen it"),
            remark("b", "denied", "grant it"),
            remark("c", "denied", "ask for it"),
            remark("d", "denied", "grant it"),
        ]);
        let told: Vec<_> = groups.iter().map(|it| (it.objects.join(" "), it.reason, it.remedy)).collect();
        assert_eq!(
            told,
            [
                ("b d".to_owned(), "denied", "grant it"),
                ("a".to_owned(), "too wide", "widen it"),
                ("c".to_owned(), "denied", "ask for it"),
            ]
        );
    }
}

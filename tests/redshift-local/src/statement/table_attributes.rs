//! BACKUP, DISTSTYLE, DISTKEY, SORTKEY and ENCODE AUTO, as they stand behind a table's columns.

use std::collections::BTreeMap;

use super::StatementError;
use super::attributes::TableAttributes;
use super::column::Column;
use super::cursor::Cursor;

/// DISTSTYLE's numbers in `PG_CLASS` (`r_PG_CLASS_INFO`): round robin.
pub const EVEN: u8 = 0;
const KEY: u8 = 1;
/// A copy on every node.
pub const ALL: u8 = 8;
/// Redshift chooses.
pub const AUTO: u8 = 9;

/// Most columns in a sort key (`r_CREATE_TABLE_NEW`).
const MAX_SORT_KEY: usize = 400;
/// Most columns in an interleaved one.
const MAX_INTERLEAVED_SORT_KEY: usize = 8;

/// The attributes given so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    diststyle: Option<u8>,
    distkey: Option<String>,
    sort: Option<(&'static str, Vec<String>)>,
    encode_auto: bool,
    backup: Option<bool>,
}

impl Given {
    /// Takes one attribute; false if none comes next.
    pub fn take(&mut self, cursor: &mut Cursor<'_, '_>) -> Result<bool, StatementError> {
        if cursor.take_word("backup") {
            set(&mut self.backup, expect_yes_or_no(cursor)?, "BACKUP")?;
        } else if cursor.take_word("diststyle") {
            let style = match cursor.take_any_word(&["even", "key", "all", "auto"]) {
                Some("even") => EVEN,
                Some("key") => KEY,
                Some("all") => ALL,
                Some(_) => AUTO,
                None => return Err(cursor.unexpected()),
            };
            set(&mut self.diststyle, style, "DISTSTYLE")?;
        } else if cursor.take_word("distkey") {
            let mut columns = cursor.expect_name_list()?;
            match (columns.pop(), columns.is_empty()) {
                (Some(column), true) => set(&mut self.distkey, column, "DISTKEY")?,
                _ => return Err(StatementError::new("42601", "DISTKEY takes one column")),
            }
        } else if cursor.take_words(&["sortkey", "auto"]) {
            set(&mut self.sort, ("auto", Vec::new()), "SORTKEY")?;
        } else if cursor.take_words(&["interleaved", "sortkey"]) {
            set(&mut self.sort, ("interleaved", cursor.expect_name_list()?), "SORTKEY")?;
        } else if cursor.take_words(&["compound", "sortkey"]) || cursor.take_word("sortkey") {
            set(&mut self.sort, ("compound", cursor.expect_name_list()?), "SORTKEY")?;
        } else if cursor.take_words(&["encode", "auto"]) {
            self.encode_auto = true;
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// Whether none was given.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The table's attributes, with those of its columns. Fails when they contradict one another.
    pub fn with_columns(mut self, columns: &[Column]) -> Result<TableAttributes, StatementError> {
        for column in columns.iter().filter(|column| column.distkey) {
            set(&mut self.distkey, column.name.clone(), "DISTKEY")?;
        }
        let sort_key: Vec<_> =
            columns.iter().filter(|column| column.sortkey).map(|column| column.name.clone()).collect();
        if !sort_key.is_empty() {
            set(&mut self.sort, ("compound", sort_key), "SORTKEY")?;
        }
        let encodings: BTreeMap<_, _> = columns
            .iter()
            .filter_map(|column| Some((column.name.clone(), column.encoding.clone()?)))
            .collect();
        let (sort_style, sort_key) = self.sort.unwrap_or(("auto", Vec::new()));
        check_columns(columns, self.distkey.iter().chain(&sort_key))?;
        check_sort_key(sort_style, &sort_key)?;
        let diststyle = match (self.diststyle, &self.distkey) {
            (None, None) => AUTO,
            (None, Some(_)) => KEY,
            (Some(KEY), None) => return Err(StatementError::new("42601", "DISTSTYLE KEY needs a DISTKEY")),
            (Some(style), Some(_)) if style != KEY => {
                return Err(StatementError::new("42601", "a DISTKEY needs DISTSTYLE KEY"));
            }
            (Some(style), _) => style,
        };
        Ok(TableAttributes {
            diststyle,
            distkey: self.distkey,
            sort_style,
            sort_key,
            encode_auto: self.encode_auto || encodings.is_empty(),
            encodings,
            collations: columns
                .iter()
                .filter_map(|column| Some((column.name.clone(), column.collation?)))
                .collect(),
            backup: self.backup.unwrap_or(true),
        })
    }

    /// Those of the table behind a materialized view: EVEN and unsorted unless they say otherwise, and nothing left to
    /// Redshift (`materialized-view-create-sql-command`).
    pub fn of_materialized_view(mut self) -> Result<TableAttributes, StatementError> {
        let sort_style = self.sort.as_ref().map(|(style, _)| *style);
        if self.diststyle == Some(AUTO)
            || self.encode_auto
            || sort_style.is_some_and(|style| style != "compound")
        {
            return Err(StatementError::new(
                "42601",
                "a materialized view takes DISTSTYLE { EVEN | ALL | KEY }, DISTKEY, SORTKEY and BACKUP only",
            ));
        }
        if self.distkey.is_none() {
            self.diststyle = self.diststyle.or(Some(EVEN));
        }
        self.sort = self.sort.or(Some(("none", Vec::new())));
        self.with_columns(&[])
    }
}

/// Refuses a sort key of too many columns.
pub fn check_sort_key(style: &str, columns: &[String]) -> Result<(), StatementError> {
    let most = if style == "interleaved" { MAX_INTERLEAVED_SORT_KEY } else { MAX_SORT_KEY };
    if columns.len() > most {
        return Err(StatementError::new("54011", format!("a {style} sort key has at most {most} columns")));
    }
    Ok(())
}

/// Takes YES or NO.
pub fn expect_yes_or_no(cursor: &mut Cursor<'_, '_>) -> Result<bool, StatementError> {
    cursor.take_any_word(&["yes", "no"]).map(|word| word == "yes").ok_or_else(|| cursor.unexpected())
}

fn set<T>(place: &mut Option<T>, value: T, name: &str) -> Result<(), StatementError> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(StatementError::new("42601", format!("{name} is given twice"))),
    }
}

/// CREATE TABLE AS does not say its columns: then nothing can be checked.
fn check_columns<'n>(
    columns: &[Column],
    names: impl Iterator<Item = &'n String>,
) -> Result<(), StatementError> {
    for name in names {
        if !columns.is_empty() && columns.iter().all(|column| column.name != *name) {
            return Err(StatementError::new(
                "42703",
                format!("column \"{name}\" named in key does not exist"),
            ));
        }
    }
    Ok(())
}

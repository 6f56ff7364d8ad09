//! In which sessions a statement means what it says: names in quotes keep their case or lose it (`r_enable_case_sensitive_identifier`).
//!
//! The jobs' sessions leave the setting as their login has it. A relation with row-level security cannot be read while it differs from
//! that (`t_rls_usage`), policies and materialized views are to be made under what their readers and refreshes have, and most names
//! mean the same either way. So only a statement that needs the setting gets it.

use super::Sql;
use crate::text::has_capital_in_quotes;

/// What a statement needs of the setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameCase {
    /// Nothing: no name in quotes has a capital.
    #[default]
    Any,
    /// Names in quotes keep their case.
    Kept,
    /// They lose it.
    Folded,
}

impl NameCase {
    /// What a text of the program's needs, whose names are as they are meant.
    pub(super) fn of_rendered(text: &str) -> Self {
        if has_capital_in_quotes(text) { Self::Kept } else { Self::Any }
    }

    /// What a text needs that a user wrote, where names in quotes kept their case if `kept` says so.
    pub(super) fn of_written(kept: Option<bool>) -> Self {
        match kept {
            Some(true) => Self::Kept,
            Some(false) => Self::Folded,
            None => Self::Any,
        }
    }

    /// Whether names in quotes are to keep their case; none where that is all the same.
    fn keeps(self) -> Option<bool> {
        match self {
            Self::Any => None,
            Self::Kept => Some(true),
            Self::Folded => Some(false),
        }
    }
}

/// Statements that go under one setting, and in one message: whether names are folded is settled where a message is read, which may
/// be before the first of its statements runs. PostgreSQL reads a message whole, and no page says that Redshift does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cased<'a> {
    /// What makes it so, as a message of its own; none where it is so already.
    pub setting: Option<Sql>,
    /// The statements.
    pub statements: &'a [Sql],
}

/// Statements by the setting that they need, in a session where names in quotes keep their case if `default` says so, and what gives
/// the session its default back (`r_RESET`) if it was changed.
pub fn by_case(statements: &[Sql], default: Option<bool>) -> (Vec<Cased<'_>>, Option<Sql>) {
    let (mut all, mut start, mut now, mut setting) = (Vec::new(), 0, default, None);
    for (at, sql) in statements.iter().enumerate() {
        let Some(keeps) = sql.name_case().keeps().filter(|keeps| Some(*keeps) != now) else { continue };
        // Those before the first that needs anything go with it.
        let goes_along =
            all.is_empty() && statements[..at].iter().all(|sql| sql.name_case() == NameCase::Any);
        if !goes_along {
            all.push(Cased { setting: setting.take(), statements: &statements[start..at] });
            start = at;
        }
        (now, setting) = (Some(keeps), Some(set(keeps)));
    }
    all.push(Cased { setting, statements: &statements[start..] });
    let reset = (now != default).then(|| Sql::constant("RESET enable_case_sensitive_identifier"));
    (all, reset)
}

fn set(keeps: bool) -> Sql {
    Sql::constant(if keeps {
        "SET enable_case_sensitive_identifier TO true"
    } else {
        "SET enable_case_sensitive_identifier TO false"
    })
}

#[cfg(test)]
mod tests {
    use super::super::samples::{id, qualified};
    use super::super::{begin, commit, count_rows, lock_table, search};
    use super::*;

    fn texts(statements: &[Sql], default: Option<bool>) -> Vec<String> {
        let (all, reset) = by_case(statements, default);
        let messages = all.iter().flat_map(|cased| {
            let own = cased.statements.iter().map(Sql::as_str).collect::<Vec<_>>().join("; ");
            cased.setting.as_ref().map(ToString::to_string).into_iter().chain([own])
        });
        messages.chain(reset.map(|reset| reset.to_string())).collect()
    }

    #[test]
    fn only_what_needs_the_setting_gets_it() {
        let (plain, mixed) = (qualified("s", "t"), qualified("s", "T"));
        let statements = [begin(), count_rows(&plain), lock_table(&mixed), count_rows(&plain), commit()];
        let message = format!("BEGIN; {}; {}; {}; COMMIT", statements[1], statements[2], statements[3]);
        let (set, reset) =
            ("SET enable_case_sensitive_identifier TO true", "RESET enable_case_sensitive_identifier");
        for default in [Some(false), None] {
            assert_eq!(texts(&statements, default), [set, &message, reset]);
        }
        assert_eq!(texts(&statements, Some(true)), [&*message]);
        assert_eq!(texts(&statements[..2], None), [format!("BEGIN; {}", statements[1])]);
    }

    #[test]
    fn what_needs_the_one_shares_no_message_with_what_needs_the_other() {
        let folded = search(&id("v")).remove(0).with(NameCase::Folded);
        let statements = [begin(), folded, lock_table(&qualified("s", "T")), commit()];
        let (first, second) =
            (format!("BEGIN; {}", statements[1]), "LOCK TABLE \"s\".\"T\"; COMMIT".to_owned());
        let (kept, lost, reset) = (
            "SET enable_case_sensitive_identifier TO true",
            "SET enable_case_sensitive_identifier TO false",
            "RESET enable_case_sensitive_identifier",
        );
        assert_eq!(texts(&statements, Some(false)), [&*first, kept, &*second, reset]);
        assert_eq!(texts(&statements, Some(true)), [lost, &*first, kept, &*second]);
        assert_eq!(texts(&statements, None), [lost, &*first, kept, &*second, reset]);
    }
}

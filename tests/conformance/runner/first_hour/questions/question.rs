//! What a question is: statements, what we take their answer to be, and what another answer changes. No I/O.

use super::made::Made;

/// One question to a warehouse.
#[derive(Debug)]
pub struct Question {
    /// Its name; what it makes is called `first_hour_` and this, with underscores.
    pub id: &'static str,
    /// The question in words.
    pub asks: &'static str,
    /// The AWS pages that come closest to an answer.
    pub page: &'static str,
    /// What it takes besides a superuser.
    pub needs: Needs,
    /// All that it leaves in the warehouse: dropped before and after.
    pub makes: &'static [Made],
    /// What the session is sent first, each text as a message. `${S3}` and `${IAM_ROLE}` stand for the run's own prefix and for the
    /// role, `${DATABASE}` for the database's name.
    pub before: &'static [&'static str],
    /// What is asked, whose answer counts.
    pub ask: Ask,
    /// The answer that the product leans on.
    pub assumed: Reading,
    /// The other answers that are foreseen.
    pub otherwise: &'static [Otherwise],
}

/// What a question takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// A warehouse of either kind.
    Warehouse,
    /// A place in S3, with a role that may use it.
    Bucket,
}

/// How the asked statement is sent.
#[derive(Clone, Copy, Debug)]
pub enum Ask {
    /// Once.
    One(&'static str),
    /// One after the other: the answer is the first refusal, else that of the last.
    InTurn(&'static [&'static str]),
    /// Again each second until it has rows, for a while: what it reads lags behind.
    Until(&'static str),
    /// These two by two sessions, neither of which waits for the other.
    AtOnce(&'static str, &'static str),
}

/// An answer that was foreseen.
#[derive(Debug)]
pub struct Reading {
    /// Which answers it is.
    pub when: When,
    /// What it means, in words.
    pub means: &'static str,
}

/// Another answer than the assumed one.
#[derive(Debug)]
pub struct Otherwise {
    /// The answer.
    pub reading: Reading,
    /// What becomes of the product.
    pub changes: Change,
}

/// What is to be done about an answer.
#[derive(Debug)]
pub struct Change {
    /// The file that leans on the assumption, from the root of the repository.
    pub place: &'static str,
    /// What happens there until it is changed, and what to do.
    pub to_do: &'static str,
}

/// Which answers a reading is about.
#[derive(Debug)]
pub enum When {
    /// The statement ran and has no rows.
    Nothing,
    /// It has rows, whichever.
    Rows,
    /// One value, one of these. NULL is written `NULL`.
    Value(&'static [&'static str]),
    /// One row that has this value among others.
    Among(&'static str),
    /// One value that has this text in it, in any case.
    Text(&'static str),
    /// An error with one of these SQLSTATEs; any error, if none is named.
    Refused(&'static [&'static str]),
}

/// What a warehouse answered to the asked statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It ran: its rows.
    Rows(Vec<Vec<Option<String>>>),
    /// It was refused.
    Refused {
        /// Five letters or digits.
        sqlstate: String,
        /// The message alone.
        message: String,
    },
    /// There was no answer: the session was lost, or took too long.
    Lost(String),
}

/// What an answer comes to.
#[derive(Debug)]
pub enum Verdict {
    /// The product is right.
    AsAssumed,
    /// An answer that was foreseen.
    Otherwise(&'static Otherwise),
    /// No answer that was foreseen.
    Unforeseen,
}

impl When {
    /// Whether it is about this answer.
    pub fn holds(&self, answer: &Answer) -> bool {
        match (self, answer) {
            (Self::Nothing, Answer::Rows(rows)) => rows.is_empty(),
            (Self::Rows, Answer::Rows(rows)) => !rows.is_empty(),
            (Self::Value(values), Answer::Rows(rows)) => {
                single(rows).is_some_and(|value| values.contains(&value))
            }
            (Self::Among(value), Answer::Rows(rows)) => match rows.as_slice() {
                [row] => row.iter().any(|found| found.as_deref() == Some(*value)),
                _ => false,
            },
            (Self::Text(text), Answer::Rows(rows)) => {
                single(rows).is_some_and(|value| value.to_lowercase().contains(&text.to_lowercase()))
            }
            (Self::Refused(states), Answer::Refused { sqlstate, .. }) => {
                states.is_empty() || states.contains(&sqlstate.as_str())
            }
            _ => false,
        }
    }
}

/// The one value of the one row, NULL as `NULL`; none where there are more or fewer.
fn single(rows: &[Vec<Option<String>>]) -> Option<&str> {
    match rows {
        [row] => match row.as_slice() {
            [value] => Some(value.as_deref().unwrap_or("NULL")),
            _ => None,
        },
        _ => None,
    }
}

impl Question {
    /// What an answer to this question comes to.
    pub fn judge(&'static self, answer: &Answer) -> Verdict {
        if self.assumed.when.holds(answer) {
            return Verdict::AsAssumed;
        }
        let found = self.otherwise.iter().find(|otherwise| otherwise.reading.when.holds(answer));
        found.map_or(Verdict::Unforeseen, Verdict::Otherwise)
    }

    /// The asked statements, each with a comment that tells it apart in the warehouse's history.
    pub fn asked(&self) -> Vec<String> {
        let id = self.id;
        match self.ask {
            Ask::One(sql) | Ask::Until(sql) => vec![format!("/* first-hour {id} */ {sql}")],
            Ask::InTurn(statements) => {
                statements.iter().map(|sql| format!("/* first-hour {id} */ {sql}")).collect()
            }
            Ask::AtOnce(first, second) => vec![
                format!("/* first-hour {id}, session 1 */ {first}"),
                format!("/* first-hour {id}, session 2 */ {second}"),
            ],
        }
    }
}

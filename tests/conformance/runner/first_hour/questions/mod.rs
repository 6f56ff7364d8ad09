//! The questions, one file a topic. Nothing here talks to anybody.

mod catalog;
mod csv;
mod documents;
pub mod made;
pub mod question;
mod rights;
mod round_trips;
mod shown;
mod statements;
mod transfer;
mod values;
mod views;

use question::Question;

/// All questions, by topic.
pub fn all() -> impl Iterator<Item = &'static Question> {
    [
        catalog::QUESTIONS,
        shown::QUESTIONS,
        views::QUESTIONS,
        rights::QUESTIONS,
        statements::QUESTIONS,
        values::QUESTIONS,
        transfer::QUESTIONS,
        round_trips::QUESTIONS,
        documents::QUESTIONS,
    ]
    .into_iter()
    .flatten()
}

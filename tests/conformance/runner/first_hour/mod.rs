//! `conformance first-hour [question…]`: asks a warehouse just what a migration depends on: what no page settles, and what would break it
//! at once. Of each question it prints what we take the answer to be, what the warehouse answered, and what that changes in the product.
//!
//! A question works in objects of its own, called `first_hour_…`, which are dropped before and after it, also when it fails or the
//! run is interrupted. What becomes of one that is killed, the next run drops.

mod print;
mod questions;
mod session;

use crate::client::direct;
use crate::endpoint::Endpoint;
use anyhow::{Context, Result, bail, ensure};
use print::Summary;
use questions::made::Made;
use questions::question::{Needs, Question, Verdict};

/// Asks these questions, or all; whether every answer is as assumed and nothing is left behind.
///
/// # Errors
/// The warehouse cannot be reached, its user is no superuser, or there is no question of that name.
pub async fn run(endpoint: &Endpoint, named: &[String]) -> Result<bool> {
    if let Some(unknown) = named.iter().find(|name| questions::all().all(|question| question.id != **name)) {
        let known: Vec<&str> = questions::all().map(|question| question.id).collect();
        bail!("there is no question {unknown}: name some of {}", known.join(", "));
    }
    ensure_superuser(endpoint).await?;
    let everything: Vec<Made> = questions::all().flat_map(|question| question.makes).copied().collect();
    let mut summary = Summary::default();
    summary.left(session::tidy(&everything, endpoint).await?);
    let chosen =
        questions::all().filter(|question| named.is_empty() || named.iter().any(|name| name == question.id));
    tokio::select! {
        asked = ask_all(chosen, endpoint, &mut summary) => asked?,
        signal = interrupted() => {
            signal?;
            // What still runs there holds its locks until it ends.
            tokio::select! {
                left = session::tidy(&everything, endpoint) => print::interrupted(Some(left?.as_slice())),
                signal = interrupted() => {
                    signal?;
                    print::interrupted(None);
                }
            }
            return Ok(false);
        }
    }
    summary.print(endpoint);
    Ok(summary.is_as_assumed())
}

async fn ask_all(
    chosen: impl Iterator<Item = &'static Question>,
    endpoint: &Endpoint,
    summary: &mut Summary,
) -> Result<()> {
    for question in chosen {
        if question.needs == Needs::Bucket && endpoint.s3.is_none() {
            summary.not_asked(question);
            continue;
        }
        let asked = session::ask(question, endpoint).await;
        let verdict = match asked.before {
            None => question.judge(&asked.answer),
            Some(_) => Verdict::Unforeseen,
        };
        summary.asked(question, &asked, &verdict);
        summary.left(session::tidy(question.makes, endpoint).await?);
    }
    Ok(())
}

/// AWS: PG_USER. Who is none sees a part of the catalog, and cannot make what the questions need.
async fn ensure_superuser(endpoint: &Endpoint) -> Result<()> {
    let mut session = direct::connect(endpoint).await?;
    let found = session.run("SELECT usesuper FROM pg_user WHERE usename = CURRENT_USER").await?;
    let superuser = found.rows.first().and_then(|row| row.first()).cloned().flatten();
    ensure!(superuser.as_deref() == Some("t"), "{} is no superuser: the questions need one", endpoint.user);
    Ok(())
}

/// Comes back at SIGINT or SIGTERM.
async fn interrupted() -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("no signals")?;
    tokio::select! {
        signal = tokio::signal::ctrl_c() => signal.context("no signals"),
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use migration_tests::environment::repository;
    use questions::question::{Answer, Ask, When};
    use std::collections::BTreeSet;

    /// What everything that a question makes is called, or begins with.
    fn prefix(question: &Question) -> String {
        format!("first_hour_{}", question.id.replace('-', "_"))
    }

    /// How a statement begins that makes or changes something: its name comes next.
    const CHANGES: [&str; 24] = [
        "ALTER DEFAULT PRIVILEGES FOR USER ",
        "ALTER TABLE ",
        "ALTER USER ",
        "ATTACH MASKING POLICY ",
        "ATTACH RLS POLICY ",
        "COPY ",
        "CREATE GROUP ",
        "CREATE MASKING POLICY ",
        "CREATE MATERIALIZED VIEW ",
        "CREATE PROCEDURE ",
        "CREATE RLS POLICY ",
        "CREATE ROLE ",
        "CREATE SCHEMA ",
        "CREATE TABLE ",
        "CREATE USER ",
        "CREATE VIEW ",
        "DELETE FROM ",
        "GRANT ASSUMEROLE ON ALL TO ",
        "GRANT ASSUMEROLE ON DEFAULT TO ",
        "GRANT CREATE ON SCHEMA ",
        "GRANT EXPLAIN RLS TO ROLE ",
        "INSERT INTO ",
        "UPDATE ",
        "VACUUM FULL ",
    ];

    /// How one begins that changes nothing in the warehouse beyond its session.
    const READS: [&str; 5] = ["BEGIN", "SELECT ", "SET ", "SHOW ", "UNLOAD ("];

    #[test]
    fn every_question_has_a_name_of_its_own_and_makes_only_what_it_is_called_by() {
        let mut ids = BTreeSet::new();
        for question in questions::all() {
            assert!(ids.insert(question.id), "{} is there twice", question.id);
            for made in question.makes {
                let name = made.name().trim_start_matches("IAMR:").to_lowercase();
                assert_eq!(name, prefix(question), "{}", question.id);
            }
        }
    }

    #[test]
    fn a_question_changes_nothing_but_its_own() {
        for question in questions::all() {
            let asked = question.asked();
            let asked = asked.iter().filter_map(|sql| sql.split_once("*/ ").map(|(_, sql)| sql));
            for statement in question.before.iter().copied().chain(asked) {
                let named = CHANGES.iter().find_map(|start| statement.strip_prefix(start));
                let own = named.map(|named| named.trim_start_matches(['"']).trim_start_matches("IAMR:"));
                let own = own.map(|named| named.to_lowercase().starts_with(&prefix(question)));
                let reads = READS.iter().any(|start| statement.starts_with(start));
                assert!(own.unwrap_or(reads), "{}: {statement}", question.id);
            }
        }
    }

    #[test]
    fn every_question_has_another_answer_and_names_a_file_that_leans_on_it() {
        for question in questions::all() {
            assert!(!question.otherwise.is_empty(), "{} has no other answer", question.id);
            for otherwise in question.otherwise {
                let place = repository(otherwise.changes.place);
                assert!(place.is_file(), "{}: there is no {}", question.id, otherwise.changes.place);
            }
        }
    }

    #[test]
    fn a_value_is_judged_by_all_of_it_and_a_refusal_by_its_code() {
        let value = |text: &str| Answer::Rows(vec![vec![Some(text.to_owned())]]);
        let refused = |code: &str| Answer::Refused { sqlstate: code.to_owned(), message: "no".to_owned() };
        assert!(When::Value(&["1", "2"]).holds(&value("2")) && !When::Value(&["1"]).holds(&value("11")));
        assert!(When::Value(&["NULL"]).holds(&Answer::Rows(vec![vec![None]])));
        assert!(
            !When::Value(&["1"]).holds(&Answer::Rows(vec![vec![Some("1".into())], vec![Some("1".into())]]))
        );
        assert!(
            When::Text("No Schema").holds(&value("… WITH NO SCHEMA BINDING"))
                && !When::Text("x").holds(&value("y"))
        );
        assert!(
            When::Nothing.holds(&Answer::Rows(vec![]))
                && !When::Nothing.holds(&value(""))
                && !When::Nothing.holds(&refused("1"))
        );
        assert!(
            When::Refused(&["57014"]).holds(&refused("57014"))
                && !When::Refused(&["57014"]).holds(&refused("XX000"))
        );
        assert!(
            When::Refused(&[]).holds(&refused("XX000"))
                && !When::Refused(&[]).holds(&Answer::Lost("gone".into()))
        );
    }

    #[test]
    fn two_sessions_are_told_apart() {
        let two = questions::all().find(|question| matches!(question.ask, Ask::AtOnce(..))).unwrap();
        assert!(two.asked()[0].starts_with(&format!("/* first-hour {}, session 1 */ VACUUM", two.id)));
        assert_ne!(two.asked()[0], two.asked()[1]);
    }
}

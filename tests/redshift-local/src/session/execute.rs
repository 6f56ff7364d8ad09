//! Running one statement: translated, wrapped in a transaction where Redshift would, and passed on.

use std::borrow::Cow;
use std::io;
use std::time::Duration;

use super::relay::Outcome;
use super::simple_query::Place;
use super::{Session, Struck, TransactionStatus};
use crate::protocol::Message;
use crate::statement::{Action, Call, Effect, StatementError, Translation, quote_literal, translate};

impl Session<'_> {
    /// Runs one statement of a simple-protocol message and tells the client how it went.
    pub(super) async fn execute(&mut self, sql: &str, place: &mut Place) -> io::Result<Outcome> {
        let Struck { delay, answer } = match self.strike(sql) {
            Ok(struck) => struck,
            Err(error) => return self.raise(&error).await.map(|()| Outcome::Failed),
        };
        if let Some(instead) = answer {
            return self.run_translation(Translation::of(&*instead), delay, place).await;
        }
        let result = match self.translate(sql).await {
            Ok(Action::Run(translation)) => return self.run_translation(translation, delay, place).await,
            Ok(Action::Call(call)) => match self.place_arguments(&call).await {
                Ok(translation) => return self.run_translation(translation, delay, place).await,
                Err(error) => Err(error),
            },
            // Either takes several statements of the backend's, which are one transaction.
            Ok(Action::Unload(unload)) => {
                self.open_implicit(place, true).await?;
                match self.linger(delay).await {
                    Ok(()) => {
                        self.server.transfers.unload(&unload, &mut self.backend).await.map(|_| "UNLOAD")
                    }
                    Err(error) => Err(error),
                }
            }
            Ok(Action::Copy(copy)) => {
                self.open_implicit(place, true).await?;
                match self.linger(delay).await {
                    Ok(()) => self.server.transfers.copy(&copy, &mut self.backend).await.map(|_| "COPY"),
                    Err(error) => Err(error),
                }
            }
            Err(error) => Err(error),
        };
        match result {
            Ok(tag) => {
                self.client.send(&Message::of_text(b'C', tag)).await?;
                Ok(Outcome::Done)
            }
            Err(error) => self.raise(&error).await.map(|()| Outcome::Failed),
        }
    }

    /// Asks the catalog where the OUT arguments of a CALL stand.
    pub(super) async fn place_arguments(&mut self, call: &Call) -> Result<Translation, StatementError> {
        let modes: Vec<String> =
            self.backend.query(&call.lookup()).await?.into_iter().flatten().flatten().collect();
        call.placed(&modes)
    }

    /// Translates a statement. A function that Redshift lacks is missing unless a user has made one of that name.
    pub(super) async fn translate(&mut self, sql: &str) -> Result<Action, StatementError> {
        sql.clone_into(&mut self.statement);
        let mut names = Cow::Borrowed(&self.server.names);
        loop {
            let error = match translate(sql, &names, self.case_sensitive) {
                Ok(action) => {
                    self.expect_in_snapshot(&action).await?;
                    return self.guard(action).await;
                }
                Err(error) => error,
            };
            match error.function() {
                Some(function) if !names.is_users(function) && self.is_made(function).await => {
                    names = Cow::Owned(names.into_owned().with_users(function));
                }
                _ => return Err(error),
            }
        }
    }

    /// Whether a user has made a function of this name.
    async fn is_made(&mut self, function: &str) -> bool {
        let sql = format!(
            "SELECT 1 FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace \
             WHERE p.proname = {} AND n.nspname NOT IN ('pg_catalog', 'redshift_catalog', 'information_schema')",
            quote_literal(function)
        );
        self.backend.query(&sql).await.is_ok_and(|rows| !rows.is_empty())
    }

    async fn run_translation(
        &mut self,
        translation: Translation,
        delay: Duration,
        place: &mut Place,
    ) -> io::Result<Outcome> {
        match translation.effect {
            Effect::Begins if place.implicit => {
                // What ran so far becomes part of the transaction that now is explicit.
                place.implicit = false;
                self.client.send(&Message::of_text(b'C', "BEGIN")).await?;
                return Ok(Outcome::Done);
            }
            Effect::Alone if !self.is_idle() => {
                let message = format!("{} cannot run inside a transaction block", translation.name);
                let error = StatementError::new("25001", message);
                return self.raise(&error).await.map(|()| Outcome::Failed);
            }
            Effect::None | Effect::Commits | Effect::SetsCaseSensitivity(_) => {
                let hidden = !translation.then.is_empty() || translation.effect == Effect::Commits;
                self.open_implicit(place, place.several || hidden).await?;
            }
            Effect::Begins | Effect::Ends { .. } | Effect::Alone => {}
        }
        let vacuuming = match self.begin_vacuum(&translation).await {
            Ok(vacuuming) => vacuuming,
            Err(error) => return self.raise(&error).await.map(|()| Outcome::Failed),
        };
        if let Err(error) = self.linger(delay).await {
            return self.raise(&error).await.map(|()| Outcome::Failed);
        }
        let before = self.backend.status();
        self.backend.send(&Message::of_text(b'Q', &translation.sql)).await?;
        if self.relay_query(translation.tag).await? == Outcome::Failed {
            if before == TransactionStatus::Open && self.is_idle() {
                self.transaction_ended(false);
                place.implicit = false;
            }
            return Ok(Outcome::Failed);
        }
        drop(vacuuming);
        for sql in &translation.then {
            if let Err(error) = self.backend.query(sql).await {
                return self.raise(&error).await.map(|()| Outcome::Failed);
            }
        }
        self.settle(&translation, before, place).await
    }

    /// Opens the transaction that the message implies, if `needed` and none is open.
    async fn open_implicit(&mut self, place: &mut Place, needed: bool) -> io::Result<()> {
        if needed && self.is_idle() {
            self.backend.query("BEGIN").await.map_err(io::Error::other)?;
            place.implicit = true;
        }
        Ok(())
    }

    /// Draws the consequences of a statement that ran.
    async fn settle(
        &mut self,
        translation: &Translation,
        before: TransactionStatus,
        place: &mut Place,
    ) -> io::Result<Outcome> {
        match translation.effect {
            Effect::Ends { commits } if before != TransactionStatus::Idle => {
                place.implicit = false;
                self.transaction_ended(commits && before == TransactionStatus::Open);
            }
            Effect::Commits => {
                place.implicit = false;
                self.end_implicit(Outcome::Done).await?;
            }
            Effect::SetsCaseSensitivity(on) => {
                self.case_sensitive = on.unwrap_or(self.case_sensitive_by_default);
                if self.is_idle() {
                    self.transaction_ended_silently();
                }
            }
            Effect::None | Effect::Alone if before == TransactionStatus::Idle && self.is_idle() => {
                self.counter.count_commit();
            }
            _ => {}
        }
        Ok(Outcome::Done)
    }

    /// A setting outside a transaction holds at once.
    fn transaction_ended_silently(&mut self) {
        self.case_sensitive_before = self.case_sensitive;
    }
}

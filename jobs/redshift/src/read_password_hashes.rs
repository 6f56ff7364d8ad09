//! Reads the hashes of passwords, apart from the catalog: a catalog becomes a plan, and a plan is shown.

use crate::measure::MeasureError;
use crate::session::{ResultSet, Session};
use migration::name::Identifier;
use migration::password::PasswordHash;
use migration::statement::Sql;
use std::collections::BTreeMap;

/// The hash of each user whose the warehouse shows.
pub async fn read_password_hashes<S: Session>(
    session: &mut S,
) -> Result<BTreeMap<Identifier, PasswordHash>, MeasureError> {
    let query = Sql::constant(include_str!("../../../sql/catalog/password_hashes.sql"));
    let answers = session.run(&query.into()).await?;
    let mut hashes = BTreeMap::new();
    for row in answers.iter().flat_map(ResultSet::rows) {
        if let Some(hash) = row.optional("passwd")?.and_then(PasswordHash::parse) {
            hashes.insert(row.identifier("usename")?, hash);
        }
    }
    Ok(hashes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::testing::RecordingSession;

    #[tokio::test]
    async fn a_user_whose_hash_is_not_shown_has_none() {
        let user = |name: &str, hash: Option<&str>| vec![Some(name.to_owned()), hash.map(str::to_owned)];
        let md5 = "md5153c434b4b77c89e6b94f12c5393af5b";
        let sha256 = format!("sha256|{}|{}", "0a".repeat(32), "1b".repeat(32));
        let rows = vec![
            user("ann", Some(md5)),
            user("bob", Some("********")),
            user("cy", None),
            user("dee", Some(&sha256)),
        ];
        let answer = ResultSet::new(["usename".to_owned(), "passwd".to_owned()], rows);
        let mut session = RecordingSession::answering([Ok(vec![answer])]);
        let hashes = read_password_hashes(&mut session).await.unwrap();
        let shown = [("ann", md5), ("dee", sha256.as_str())];
        let expected =
            shown.map(|(name, hash)| (Identifier::new(name).unwrap(), PasswordHash::parse(hash).unwrap()));
        assert_eq!(hashes, BTreeMap::from(expected));
    }
}

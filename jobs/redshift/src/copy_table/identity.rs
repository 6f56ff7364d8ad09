//! Whether the values that IDENTITY columns will make are still free.

use super::CopyError;
use crate::session::{DecodeError, ResultSet};
use migration::catalog::Identity;
use migration::name::Identifier;

/// Checks of each column that what was loaded lies behind the seed of the target's table, past which it counts on: COPY does not move the
/// high-water mark (`copy-parameters-column-mapping`), and the catalog does not show it. `maxima` must tell of every column.
pub fn check_identities(identities: &[(&Identifier, Identity)], maxima: &ResultSet) -> Result<(), CopyError> {
    for (column, identity) in identities {
        let mut found = None;
        for row in maxima.rows() {
            if row.identifier("column_name")? == **column {
                found = Some(row.optional("furthest")?);
            }
        }
        check_identity(column, *identity, found.ok_or(DecodeError::NotOneRow(0))?)?;
    }
    Ok(())
}

/// `furthest` is none for a table without rows.
fn check_identity(column: &Identifier, identity: Identity, furthest: Option<&str>) -> Result<(), CopyError> {
    let Some(furthest) = furthest else { return Ok(()) };
    let malformed = || DecodeError::Malformed {
        column: "furthest".into(),
        value: furthest.to_owned(),
        expected: "a whole number",
    };
    let furthest: i64 = furthest.parse().map_err(|_| malformed())?;
    let behind = if identity.step < 0 { furthest > identity.seed } else { furthest < identity.seed };
    if behind {
        return Ok(());
    }
    Err(CopyError::IdentityReached { column: column.clone(), furthest, seed: identity.seed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_behind_the_seed_in_the_direction_of_the_step() {
        let check = |seed, step, furthest| {
            let identity = Identity { seed, step, by_default: false };
            check_identity(&Identifier::new("id").unwrap(), identity, furthest).is_ok()
        };
        assert!(check(2_000_001, 1, Some("1000")) && check(1, 1, None) && check(-2_000_001, -1, Some("-5")));
        assert!(!check(1, 1, Some("1")) && !check(100, 1, Some("101")) && !check(-100, -1, Some("-100")));
        assert!(!check(1, 1, Some("x")));
    }

    #[test]
    fn each_column_is_checked_against_its_own_seed_and_none_is_passed_over() {
        let (up, down) = (Identifier::new("up").unwrap(), Identifier::new("down").unwrap());
        let identities = [
            (&up, Identity { seed: 100, step: 10, by_default: true }),
            (&down, Identity { seed: -100, step: -1, by_default: false }),
        ];
        let check = |rows: &[(&str, Option<&str>)]| {
            let row = |(column, furthest): &(&str, Option<&str>)| {
                vec![Some((*column).to_owned()), furthest.map(str::to_owned)]
            };
            let columns = ["column_name", "furthest"].map(str::to_owned);
            let maxima = ResultSet::new(columns, rows.iter().map(row).collect());
            check_identities(&identities, &maxima).map_err(|error| error.to_string())
        };
        assert_eq!(check(&[("down", Some("-99")), ("up", Some("90"))]), Ok(()));
        assert_eq!(check(&[("up", None), ("down", None)]), Ok(()));
        let reached = check(&[("up", Some("90")), ("down", Some("-100"))]).unwrap_err();
        assert!(reached.starts_with("the identity column down holds -100,"), "{reached}");
        let reached = check(&[("up", Some("100")), ("down", Some("-99"))]).unwrap_err();
        assert!(reached.starts_with("the identity column up holds 100,"), "{reached}");
        assert!(check(&[("up", Some("90"))]).is_err());
    }
}

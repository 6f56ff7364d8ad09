//! Whether the values that an IDENTITY column will make are still free.

use super::CopyError;
use crate::session::DecodeError;
use migration::catalog::Identity;
use migration::name::Identifier;

/// Checks that what was loaded lies behind the seed of the target's table, past which it counts on: COPY does not move the high-water mark
/// (`copy-parameters-column-mapping`), and the catalog does not show it. `furthest` is none for a table without rows.
pub fn check_identity(
    column: &Identifier,
    identity: Identity,
    furthest: Option<&str>,
) -> Result<(), CopyError> {
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
}

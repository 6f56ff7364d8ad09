//! Where an identity column goes on counting.
//!
//! COPY … EXPLICIT_IDS does not move the high-water mark (`copy-parameters-data-conversion`), so a table is
//! created with a seed past the values that will be loaded.

use crate::catalog::{Catalog, Identity};
use crate::name::{Identifier, QualifiedName};
use crate::scope::Scope;
use std::collections::BTreeMap;

/// The value furthest along that an identity column holds on the source, by table.
pub type Furthest = BTreeMap<QualifiedName, i64>;

/// Values left free between those measured and the new seed, for rows that arrive before the data is unloaded. The seed is a
/// whole number of these past the old one: a plan stays the same, and so does its sum, while a few rows arrive.
const HEADROOM_VALUES: i128 = 1_000_000;

/// The same as a part of the values counted so far: the larger of both holds.
const HEADROOM_DIVISOR: i128 = 10;

/// The identity columns of tables that the target lacks: their furthest values are needed to plan.
pub fn identities_to_measure<'a>(
    source: &'a Catalog,
    target: &'a Catalog,
    scope: &'a Scope,
) -> impl Iterator<Item = (&'a QualifiedName, &'a Identifier, Identity)> {
    source
        .tables
        .iter()
        .filter(|(name, _)| scope.holds(name) && !target.tables.contains_key(name))
        .filter_map(|(name, table)| table.identity().map(|(column, own)| (name, &column.name, own)))
}

/// The identity that the new table starts with; none when the column's type ends before it. A table without rows
/// keeps its seed.
pub(super) fn plan_identity(own: Identity, furthest: Option<i64>, data_type: &str) -> Option<Identity> {
    let Some(furthest) = furthest else { return Some(own) };
    let (seed, step) = (i128::from(own.seed), i128::from(own.step));
    let counted = (i128::from(furthest) - seed) / step;
    let headroom = HEADROOM_VALUES.max(counted / HEADROOM_DIVISOR);
    let free = counted.max(0) + headroom;
    let next = seed + step * ((free + HEADROOM_VALUES - 1) / HEADROOM_VALUES) * HEADROOM_VALUES;
    let (lowest, highest) = match data_type {
        "integer" => (i128::from(i32::MIN), i128::from(i32::MAX)),
        _ => (i128::from(i64::MIN), i128::from(i64::MAX)),
    };
    let fits = (lowest..=highest).contains(&next);
    fits.then(|| Identity { seed: i64::try_from(next).unwrap_or(own.seed), ..own })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn identity(seed: i64, step: i64) -> Identity {
        Identity { seed, step, by_default: false }
    }

    proptest! {
        #[test]
        fn the_new_seed_lies_past_all_values_on_the_same_grid(
            seed in -1000_i64..1000, step in prop_oneof![-50_i64..-1, 1_i64..50], rows in 0_i64..100_000_000,
        ) {
            let furthest = seed + step * rows;
            let planned = plan_identity(identity(seed, step), Some(furthest), "bigint").unwrap();
            prop_assert_eq!((planned.seed - seed) % step, 0);
            prop_assert!((planned.seed - furthest).signum() == step.signum());
            prop_assert!((planned.seed - furthest).abs() >= (rows / 10).max(1_000_000) * step.abs());
        }
    }

    #[test]
    fn an_empty_table_keeps_its_seed_and_a_full_type_is_refused() {
        assert_eq!(plan_identity(identity(5, 1), None, "integer").unwrap().seed, 5);
        assert_eq!(plan_identity(identity(1, 1), Some(10), "integer").unwrap().seed, 2_000_001);
        assert_eq!(plan_identity(identity(1, 100), Some(901), "integer").unwrap().seed, 200_000_001);
        assert_eq!(plan_identity(identity(1, 1), Some(11), "integer").unwrap().seed, 2_000_001);
        assert_eq!(plan_identity(identity(1, 1), Some(2_147_000_000), "integer"), None);
        assert!(plan_identity(identity(1, 1), Some(2_147_000_000), "bigint").is_some());
    }
}

//! Where an identity column goes on counting.
//!
//! COPY does not move the high-water mark of an IDENTITY nor of a default IDENTITY column (`copy-parameters-data-conversion`), so
//! each column of a table is created with a seed past the values that will be loaded into it.

use crate::catalog::{Catalog, Column, DefaultValue, Identity, Table};
use crate::name::{Identifier, QualifiedName};
use crate::scope::Scope;
use std::collections::BTreeMap;

/// The value furthest along that an identity column holds on the source, by table and column.
pub type Furthest = BTreeMap<(QualifiedName, Identifier), i64>;

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
    source.tables.iter().filter(|(name, _)| scope.holds(name) && !target.tables.contains_key(name)).flat_map(
        |(name, table)| {
            let identity = move |column: &'a Column| Some((name, &column.name, column.identity()?));
            table.columns.iter().filter_map(identity)
        },
    )
}

/// A new table's columns with the identities that they start with.
///
/// # Errors
/// The columns whose types end before that.
pub(super) fn plan_identities(
    name: &QualifiedName,
    table: &Table,
    furthest: &Furthest,
) -> Result<Vec<Column>, Vec<Identifier>> {
    let mut full = Vec::new();
    let mut columns = table.columns.clone();
    for column in &mut columns {
        let Some(own) = column.identity() else { continue };
        let reached = furthest.get(&(name.clone(), column.name.clone())).copied();
        match plan_identity(own, reached, &column.data_type) {
            Some(planned) => column.default = Some(DefaultValue::Identity(planned)),
            None => full.push(column.name.clone()),
        }
    }
    if full.is_empty() { Ok(columns) } else { Err(full) }
}

/// The identity that a new column starts with; none when its type ends before it. A table without rows keeps its seeds.
fn plan_identity(own: Identity, furthest: Option<i64>, data_type: &str) -> Option<Identity> {
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

    #[test]
    fn each_column_is_planned_by_its_own_values_step_kind_and_type() {
        let id = |name| Identifier::new(name).unwrap();
        let column = |name, data_type: &str, identity: Option<Identity>| Column {
            name: id(name),
            data_type: data_type.to_owned(),
            not_null: identity.is_some(),
            default: identity.map(DefaultValue::Identity),
            encoding: "az64".into(),
            collation: None,
        };
        let by_default = Identity { seed: 100, step: 10, by_default: true };
        let table = Table::plain(
            "ann",
            vec![
                column("base", "bigint", Some(by_default)),
                column("note", "integer", None),
                column("hist", "integer", Some(identity(-5, -3))),
            ],
        );
        let name = QualifiedName::new(id("shop"), id("history"));
        let source = Catalog { tables: [(name.clone(), table.clone())].into(), ..Catalog::default() };
        let scope =
            Scope { schemas: [id("shop")].into(), users: [].into(), groups: [].into(), roles: [].into() };
        let (target, measured) = (Catalog::default(), |(_, column, own)| (column, own));
        assert_eq!(
            identities_to_measure(&source, &target, &scope).map(measured).collect::<Vec<_>>(),
            [(&id("base"), by_default), (&id("hist"), identity(-5, -3))]
        );
        let furthest = |base, hist| {
            Furthest::from([((name.clone(), id("base")), base), ((name.clone(), id("hist")), hist)])
        };
        let planned = plan_identities(&name, &table, &furthest(5_000_000_000, -8)).unwrap();
        // Past the 10 % that are larger than a million, in whole millions of steps.
        assert_eq!(planned[0].identity(), Some(Identity { seed: 5_500_000_100, ..by_default }));
        assert_eq!(planned[1], table.columns[1]);
        assert_eq!(planned[2].identity(), Some(identity(-6_000_005, -3)));
        let full = furthest(9_223_372_036_854_775_000, -2_147_000_000);
        assert_eq!(plan_identities(&name, &table, &full), Err(vec![id("base"), id("hist")]));
        assert_eq!(plan_identities(&name, &table, &Furthest::new()), Ok(table.columns));
    }
}

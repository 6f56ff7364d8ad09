//! Which tables one run of the data job moves: large ones alone, small ones together, since a run costs its start.

use crate::outcome::ListedTable;

/// A table of this size, or more, has a run to itself: moving it takes minutes, and its failure costs nobody else.
const LARGE_MEGABYTES: u64 = 10_240;

/// The most tables a run: at a second or two for each, and four at a time, a run of small tables ends within minutes.
const TABLES_A_RUN: usize = 200;

/// Groups of tables, the largest first in each and over all; every table is in one of them.
///
/// `tables` may be in any order; equal tables give equal groups. Each goes to the first group that has room: up to
/// 10 GB in all, and 200 tables.
pub fn groups(mut tables: Vec<ListedTable>) -> Vec<Vec<ListedTable>> {
    largest_first(&mut tables);
    let mut groups: Vec<(u64, Vec<ListedTable>)> = Vec::new();
    for table in tables {
        let megabytes = table.megabytes;
        let room = |(held, group): &&mut (u64, Vec<ListedTable>)| {
            held.saturating_add(megabytes) <= LARGE_MEGABYTES && group.len() < TABLES_A_RUN
        };
        match groups.iter_mut().find(room) {
            Some((held, group)) => {
                *held += megabytes;
                group.push(table);
            }
            None => groups.push((megabytes, vec![table])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// The order in which tables are moved: a large one at the end would keep all but one session idle.
pub fn largest_first(tables: &mut [ListedTable]) {
    tables.sort_by(|a, b| b.megabytes.cmp(&a.megabytes).then_with(|| a.table.cmp(&b.table)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::{Identifier, QualifiedName};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn table(number: usize, megabytes: u64) -> ListedTable {
        let id = |name: String| Identifier::new(name).unwrap();
        ListedTable { table: QualifiedName::new(id("s".into()), id(format!("t{number}"))), megabytes }
    }

    #[test]
    fn a_large_table_has_a_run_to_itself_and_small_ones_share() {
        let sizes = [5, LARGE_MEGABYTES, 0, LARGE_MEGABYTES - 5, 30_000];
        let tables = sizes.iter().enumerate().map(|(number, size)| table(number, *size)).collect();
        let groups = groups(tables);
        let sizes: Vec<Vec<u64>> =
            groups.iter().map(|group| group.iter().map(|table| table.megabytes).collect()).collect();
        assert_eq!(sizes, [vec![30_000], vec![LARGE_MEGABYTES, 0], vec![LARGE_MEGABYTES - 5, 5]]);
    }

    proptest! {
        #[test]
        fn every_table_is_in_one_group_that_keeps_its_limits(sizes in prop::collection::vec(0..20_000_u64, 0..500)) {
            let tables: Vec<_> = sizes.iter().enumerate().map(|(number, size)| table(number, *size)).collect();
            let names: BTreeSet<_> = tables.iter().map(|table| table.table.clone()).collect();
            let groups = groups(tables);
            let grouped: Vec<_> = groups.iter().flatten().map(|table| table.table.clone()).collect();
            prop_assert_eq!(grouped.len(), names.len());
            prop_assert_eq!(grouped.into_iter().collect::<BTreeSet<_>>(), names);
            for group in groups {
                let megabytes: u64 = group.iter().map(|table| table.megabytes).sum();
                prop_assert!(group.len() == 1 || megabytes <= LARGE_MEGABYTES);
                prop_assert!(group.len() <= TABLES_A_RUN);
            }
        }
    }
}

//! How a table on the target differs from the source's, and which of that can be put right without losing anything.

use crate::catalog::{Automatic, Column, DefaultValue, DistributionStyle, Table};
use crate::name::{Identifier, QualifiedName};
use crate::statement::{describe_default, describe_distribution, describe_sort_key, encoding_keyword};
use crate::words::list;
use std::collections::BTreeSet;

/// Something that a table has otherwise on the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference<'a> {
    /// The column; none for the table itself.
    pub column: Option<&'a Identifier>,
    /// What differs: `type`, `distribution style`, …
    pub attribute: &'static str,
    /// As the target has it.
    pub target: String,
    /// As the source has it.
    pub source: String,
}

/// The attribute that only SHOW COLUMNS tells.
pub(super) const COLLATION: &str = "collation";

/// What is done about a table that stands on the target.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes<'a> {
    /// Columns that the target lacks, to be added at its end in this order.
    pub add: Vec<&'a Column>,
    /// VARCHAR columns that take longer text on the source.
    pub widen: Vec<&'a Column>,
    /// What is left as it is.
    pub differences: Vec<Difference<'a>>,
}

/// Compares a table of the source with the target's. Identity seeds may differ, keys are compared elsewhere, and what
/// Redshift chooses by itself on either side is not compared.
pub(super) fn compare<'a>(name: &QualifiedName, source: &'a Table, target: &'a Table) -> Changes<'a> {
    let mut changes = Changes::default();
    compare_columns(name, source, target, &mut changes);
    compare_attributes(source, target, &mut changes.differences);
    changes
}

fn compare_columns<'a>(
    name: &QualifiedName,
    source: &'a Table,
    target: &'a Table,
    changes: &mut Changes<'a>,
) {
    let with_encodings = !either(source, target, |automatic| automatic.encoding);
    for column in &source.columns {
        if let Some(existing) = named(target, &column.name) {
            compare_column(name, column, existing, target, with_encodings, changes);
        }
    }
    for column in target.columns.iter().filter(|column| named(source, &column.name).is_none()) {
        changes.differences.push(presence(&column.name, "there", "not there"));
    }
    // A new column is the last one (`r_ALTER_TABLE`): those that are missing can be added only where they end the table.
    let names = |table: &'a Table| table.columns.iter().map(|column| &column.name);
    let mut in_order = names(source).zip(names(target)).all(|(one, other)| one == other);
    for column in source.columns.iter().filter(|column| named(target, &column.name).is_none()) {
        let refusal = cannot_be_added(source, column).or((!in_order).then_some(IN_BETWEEN));
        match refusal {
            None => changes.add.push(column),
            Some(refusal) => {
                in_order = false;
                changes.differences.push(presence(&column.name, "not there", refusal));
            }
        }
    }
    let sorted = |table: &'a Table| names(table).collect::<BTreeSet<_>>();
    if !in_order && sorted(source) == sorted(target) {
        let columns = |table| list(names(table).map(Identifier::as_str));
        changes.differences.push(whole("order of columns", columns(target), columns(source)));
    }
}

/// Why a column that a table lacks is not added, where nothing else forbids it.
const IN_BETWEEN: &str = "there, where a new column, which comes last, would not stand";

fn named<'a>(table: &'a Table, name: &Identifier) -> Option<&'a Column> {
    table.columns.iter().find(|column| column.name == *name)
}

/// Why a column cannot be added to a table that stands: what ADD COLUMN does not take (`r_ALTER_TABLE`), or rows that stand
/// there without a value.
fn cannot_be_added(source: &Table, column: &Column) -> Option<&'static str> {
    let in_sort_key = source.sort_key.as_ref().is_some_and(|key| key.columns.contains(&column.name));
    match &column.default {
        Some(DefaultValue::Identity(_)) => Some("there, an IDENTITY column, which cannot be added"),
        None if column.not_null => {
            Some("there, NOT NULL without a default, which rows that are there would break")
        }
        _ if source.distribution == DistributionStyle::Key(column.name.clone()) => {
            Some("there, the distribution key, which cannot be added")
        }
        _ if in_sort_key => Some("there, part of the sort key, which cannot be added"),
        None | Some(DefaultValue::Expression(_)) => None,
    }
}

fn compare_column<'a>(
    name: &QualifiedName,
    column: &'a Column,
    existing: &'a Column,
    target: &'a Table,
    with_encodings: bool,
    changes: &mut Changes<'a>,
) {
    let mut differs = |attribute, target: String, source: String| {
        if target != source {
            changes.differences.push(Difference { column: Some(&column.name), attribute, target, source });
        }
    };
    let null = |column: &Column| if column.not_null { "NOT NULL" } else { "NULL" }.to_owned();
    differs("nullability", null(existing), null(column));
    differs("default", default(existing), default(column));
    if with_encodings {
        let encode = |column: &Column| format!("ENCODE {}", encoding_keyword(&column.encoding));
        differs("encoding", encode(existing), encode(column));
    }
    differs(COLLATION, collation(existing), collation(column));
    if can_be_widened(name, column, existing, target) {
        changes.widen.push(column);
    } else {
        differs("type", existing.data_type.clone(), column.data_type.clone());
    }
}

/// COLLATE. No statement changes it (`r_CREATE_TABLE_NEW`, usage notes).
fn collation(column: &Column) -> String {
    column.collation.map_or("as the database's".to_owned(), |collation| collation.keyword().to_owned())
}

/// The default without an identity's seed, which is planned past the source's values and so differs on purpose.
fn default(column: &Column) -> String {
    match &column.default {
        None => "no DEFAULT".to_owned(),
        Some(DefaultValue::Identity(identity)) => {
            let kind = if identity.by_default { "GENERATED BY DEFAULT AS IDENTITY" } else { "IDENTITY" };
            format!("{kind} with step {}", identity.step)
        }
        Some(expression @ DefaultValue::Expression(_)) => describe_default(expression),
    }
}

/// Whether ALTER COLUMN … TYPE makes the target's column as long as the source's: it takes VARCHAR alone, and none that has
/// a default, is part of a key, or has one of four encodings (`r_ALTER_TABLE`).
fn can_be_widened(name: &QualifiedName, column: &Column, existing: &Column, target: &Table) -> bool {
    const FIXED_ENCODINGS: [&str; 4] = ["bytedict", "runlength", "text255", "text32k"];
    let longer = match (varchar_length(&column.data_type), varchar_length(&existing.data_type)) {
        (Some(source), Some(target)) => source > target,
        _ => false,
    };
    let in_unique_key = target.unique_keys.iter().any(|key| key.columns.contains(&column.name));
    let in_foreign_key = target.foreign_keys.iter().any(|key| {
        let referenced = key.references == *name && key.referenced_columns.contains(&column.name);
        key.columns.contains(&column.name) || referenced
    });
    longer
        && existing.default.is_none()
        && !FIXED_ENCODINGS.contains(&existing.encoding.to_ascii_lowercase().as_str())
        && !in_unique_key
        && !in_foreign_key
}

/// The length of `character varying(n)`.
fn varchar_length(data_type: &str) -> Option<u32> {
    data_type.strip_prefix("character varying(")?.strip_suffix(')')?.parse().ok()
}

fn compare_attributes<'a>(source: &'a Table, target: &'a Table, differences: &mut Vec<Difference<'a>>) {
    let mut differs = |attribute, target: String, source: String| {
        if target != source {
            differences.push(whole(attribute, target, source));
        }
    };
    let distribution = |table: &Table| describe_distribution(&table.distribution);
    differs("distribution style", distribution(target), distribution(source));
    if !either(source, target, |automatic| automatic.sort_key) {
        let sort_key =
            |table: &Table| table.sort_key.as_ref().map_or("no SORTKEY".to_owned(), describe_sort_key);
        differs("sort key", sort_key(target), sort_key(source));
    }
    let backup = |table: &Table| if table.backup { "BACKUP YES" } else { "BACKUP NO" }.to_owned();
    differs("backup", backup(target), backup(source));
    if let (Some(on_source), Some(on_target)) = (source.automatic, target.automatic) {
        let chosen =
            |automatic, what| format!("{what} {}", if automatic { "AUTO" } else { "as it was given" });
        differs("sort key", chosen(on_target.sort_key, "SORTKEY"), chosen(on_source.sort_key, "SORTKEY"));
        differs("encoding", chosen(on_target.encoding, "ENCODE"), chosen(on_source.encoding, "ENCODE"));
    }
}

/// Whether either table is known to leave something to Redshift.
fn either(source: &Table, target: &Table, chosen: fn(&Automatic) -> bool) -> bool {
    [source, target].iter().any(|table| table.automatic.as_ref().is_some_and(chosen))
}

fn whole<'a>(attribute: &'static str, target: String, source: String) -> Difference<'a> {
    Difference { column: None, attribute, target, source }
}

fn presence<'a>(column: &'a Identifier, target: &str, source: &str) -> Difference<'a> {
    let (target, source) = (target.to_owned(), source.to_owned());
    Difference { column: Some(column), attribute: "presence", target, source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Collation, Identity, KeyKind, SortKey, SortStyle, UniqueKey};
    use std::slice::from_ref;

    fn id(name: &str) -> Identifier {
        Identifier::new(name).unwrap()
    }

    fn column(name: &str, data_type: &str) -> Column {
        let (name, data_type) = (id(name), data_type.to_owned());
        Column { name, data_type, not_null: false, default: None, encoding: "lzo".into(), collation: None }
    }

    fn table(columns: &[Column]) -> Table {
        Table::plain("ann", columns.to_vec())
    }

    /// What is added, what is widened, what is left: `column: target | source` or `attribute: target | source`.
    fn compared(source: &Table, target: &Table) -> (Vec<String>, Vec<String>, Vec<String>) {
        let name = QualifiedName::new(id("shop"), id("orders"));
        let changes = compare(&name, source, target);
        let names =
            |columns: &[&Column]| columns.iter().map(|column| column.name.as_str().to_owned()).collect();
        let describe = |difference: &Difference| {
            let subject = difference.column.map_or(difference.attribute, Identifier::as_str);
            format!("{subject}: {} | {}", difference.target, difference.source)
        };
        (names(&changes.add), names(&changes.widen), changes.differences.iter().map(describe).collect())
    }

    #[test]
    fn missing_columns_are_added_where_they_end_the_table() {
        let (a, b, c) = (column("a", "integer"), column("b", "integer"), column("c", "integer"));
        let source = table(&[a.clone(), b.clone(), c.clone()]);
        let (add, _, differences) = compared(&source, &table(from_ref(&a)));
        assert_eq!((add, differences), (vec!["b".to_owned(), "c".to_owned()], vec![]));
        let (add, _, differences) = compared(&source, &table(&[a.clone(), c.clone()]));
        assert_eq!(add, Vec::<String>::new());
        assert_eq!(
            differences,
            ["b: not there | there, where a new column, which comes last, would not stand"]
        );
        let (add, _, differences) =
            compared(&table(&[a.clone(), b.clone()]), &table(&[b.clone(), a.clone()]));
        assert_eq!(add, Vec::<String>::new());
        assert_eq!(differences, ["order of columns: b, a | a, b"]);
        let (_, _, differences) = compared(&table(from_ref(&a)), &table(&[a, b]));
        assert_eq!(differences, ["b: there | not there"]);
    }

    #[test]
    fn no_column_is_added_that_the_rows_or_redshift_would_refuse() {
        let a = column("a", "integer");
        let not_null = Column { not_null: true, ..column("b", "integer") };
        let defaulted = Column { default: Some(DefaultValue::Expression("1".into())), ..not_null.clone() };
        let counts = DefaultValue::Identity(Identity { seed: 1, step: 1, by_default: true });
        let identity = Column { default: Some(counts), ..not_null.clone() };
        let added = |source: &Table| compared(source, &table(from_ref(&a))).0.len();
        assert_eq!(added(&table(&[a.clone(), not_null.clone()])), 0);
        assert_eq!(added(&table(&[a.clone(), identity])), 0);
        let source = table(&[a.clone(), defaulted]);
        assert_eq!(added(&source), 1);
        let keyed = Table { distribution: DistributionStyle::Key(id("b")), ..source.clone() };
        assert_eq!(added(&keyed), 0);
        let key = SortKey { style: SortStyle::Compound, columns: vec![id("b")] };
        assert_eq!(added(&Table { sort_key: Some(key), ..source }), 0);
        // What follows a column that cannot be added would stand in its place.
        assert_eq!(added(&table(&[a.clone(), not_null, column("c", "integer")])), 0);
    }

    #[test]
    fn only_a_free_varchar_is_widened_and_none_is_narrowed() {
        let (short, long) = (column("a", "character varying(10)"), column("a", "character varying(20)"));
        let (_, widen, differences) = compared(&table(from_ref(&long)), &table(from_ref(&short)));
        assert_eq!((widen, differences), (vec!["a".to_owned()], vec![]));
        let left = |source: &Column, target: &Table| {
            let (add, widen, differences) = compared(&table(from_ref(source)), target);
            assert_eq!((add.len(), widen.len()), (0, 0));
            assert!(!differences.is_empty());
        };
        left(&short, &table(from_ref(&long)));
        left(&column("a", "character(20)"), &table(&[column("a", "character(10)")]));
        left(&column("a", "bigint"), &table(&[column("a", "integer")]));
        for encoding in ["bytedict", "runlength", "text255", "text32k"] {
            let encoding = encoding.to_owned();
            left(
                &Column { encoding: encoding.clone(), ..long.clone() },
                &table(&[Column { encoding, ..short.clone() }]),
            );
        }
        let default = Some(DefaultValue::Expression("'x'::character varying".into()));
        left(
            &Column { default: default.clone(), ..long.clone() },
            &table(&[Column { default, ..short.clone() }]),
        );
        let key = UniqueKey { name: id("k"), kind: KeyKind::Unique, columns: vec![id("a")] };
        left(&long, &Table { unique_keys: vec![key], ..table(&[short]) });
    }

    #[test]
    fn every_attribute_is_compared_with_both_definitions() {
        let source = Table { backup: false, ..table(&[column("a", "integer")]) };
        let collation = Some(Collation::CaseInsensitive);
        let existing = Column { not_null: true, encoding: "none".into(), collation, ..column("a", "bigint") };
        let target = Table { distribution: DistributionStyle::All, ..table(&[existing]) };
        let (_, _, differences) = compared(&source, &target);
        assert_eq!(
            differences,
            [
                "a: NOT NULL | NULL",
                "a: ENCODE RAW | ENCODE LZO",
                "a: CASE_INSENSITIVE | as the database's",
                "a: bigint | integer",
                "distribution style: DISTSTYLE ALL | DISTSTYLE EVEN",
                "backup: BACKUP YES | BACKUP NO",
            ]
        );
    }

    #[test]
    fn each_identity_is_compared_by_kind_and_step_but_not_by_seed() {
        let counts = |name: &str, seed, step, by_default| {
            let identity = Identity { seed, step, by_default };
            Column { default: Some(DefaultValue::Identity(identity)), ..column(name, "bigint") }
        };
        let source = table(&[counts("a", 1, 1, false), counts("b", 100, 10, true)]);
        let moved = table(&[counts("a", 2_000_001, 1, false), counts("b", 10_000_100, 10, true)]);
        assert_eq!(compared(&source, &moved).2, Vec::<String>::new());
        let target = table(&[counts("a", 2_000_001, 1, false), counts("b", 2_000_001, 1, false)]);
        assert_eq!(
            compared(&source, &target).2,
            ["b: IDENTITY with step 1 | GENERATED BY DEFAULT AS IDENTITY with step 10"]
        );
    }

    #[test]
    fn what_redshift_chooses_is_not_compared_but_that_it_does() {
        let automatic = |sort_key, encoding| Some(Automatic { sort_key, encoding });
        let key = SortKey { style: SortStyle::Compound, columns: vec![id("a")] };
        let source = Table {
            automatic: automatic(true, true),
            sort_key: Some(key),
            ..table(&[column("a", "integer")])
        };
        let encoded = Column { encoding: "zstd".into(), ..column("a", "integer") };
        let target = Table { automatic: None, ..table(from_ref(&encoded)) };
        assert_eq!(compared(&source, &target).2, Vec::<String>::new());
        let target = Table { automatic: automatic(false, true), ..table(&[encoded]) };
        assert_eq!(compared(&source, &target).2, ["sort key: SORTKEY as it was given | SORTKEY AUTO"]);
    }
}

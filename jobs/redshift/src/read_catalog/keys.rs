//! PRIMARY KEY, UNIQUE and FOREIGN KEY constraints: their column numbers become names.

use super::{Answers, ReadError, each_row};
use crate::session::{DecodeError, ResultSet, Row};
use migration::catalog::{Catalog, ForeignKey, KeyKind, UniqueKey};
use migration::name::{Identifier, QualifiedName};
use std::collections::HashMap;

pub(super) fn decode(answers: &Answers, catalog: &mut Catalog) -> Result<(), ReadError> {
    let numbers = column_numbers(&answers.columns);
    each_row(&answers.keys, "keys", catalog, |row, catalog| decode_key(row, &numbers, catalog))
}

type ColumnNumbers = HashMap<QualifiedName, HashMap<String, Identifier>>;

/// Columns that cannot be read have been named with their tables.
fn column_numbers(answer: &ResultSet) -> ColumnNumbers {
    let mut numbers = ColumnNumbers::new();
    let decode = |row: Row| {
        let table = QualifiedName::new(row.identifier("nspname")?, row.identifier("relname")?);
        Ok::<_, DecodeError>((table, row.text("attnum")?.to_owned(), row.identifier("attname")?))
    };
    for (table, number, name) in answer.rows().filter_map(|row| decode(row).ok()) {
        numbers.entry(table).or_default().insert(number, name);
    }
    numbers
}

fn decode_key(row: &Row, numbers: &ColumnNumbers, catalog: &mut Catalog) -> Result<(), DecodeError> {
    let name = QualifiedName::new(row.identifier("nspname")?, row.identifier("relname")?);
    let Some(table) = catalog.tables.get_mut(&name) else { return Ok(()) };
    let key = row.identifier("conname")?;
    let columns = columns(row, "conkey", &name, numbers)?;
    match row.text("contype")? {
        "f" => {
            let references =
                QualifiedName::new(row.identifier("referenced_schema")?, row.identifier("referenced_table")?);
            let referenced_columns = self::columns(row, "confkey", &references, numbers)?;
            table.foreign_keys.push(ForeignKey { name: key, columns, references, referenced_columns });
        }
        contype => {
            let kind = if contype == "p" { KeyKind::Primary } else { KeyKind::Unique };
            table.unique_keys.push(UniqueKey { name: key, kind, columns });
        }
    }
    Ok(())
}

fn columns(
    row: &Row,
    column: &str,
    table: &QualifiedName,
    numbers: &ColumnNumbers,
) -> Result<Vec<Identifier>, DecodeError> {
    let listed = row.array(column)?;
    let name = |number: &String| numbers.get(table)?.get(number).cloned();
    listed.iter().map(name).collect::<Option<_>>().ok_or_else(|| DecodeError::Malformed {
        column: column.to_owned(),
        value: listed.join(","),
        expected: "numbers of the table's columns",
    })
}

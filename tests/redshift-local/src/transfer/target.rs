//! The table that a COPY loads, and which of its columns the files bring.

use super::column::{Column, text};
use crate::session::Backend;
use crate::statement::{Copy, StatementError, quote_identifier, quote_literal};

/// The table of a COPY.
#[derive(Clone, Debug)]
pub struct Target {
    /// The table's object id.
    pub id: String,
    /// The table's name without its schema.
    pub table: String,
    /// The name with its schema, quoted.
    pub quoted: String,
    /// The columns that the files bring, in their order.
    pub columns: Vec<Column>,
}

impl Target {
    /// Looks the table up as the session sees it.
    ///
    /// # Errors
    /// When there is no such table or column, the relation is a view, or EXPLICIT_IDS and the columns do not go together
    /// (`copy-parameters-column-mapping`).
    pub async fn find(statement: &Copy, backend: &mut Backend) -> Result<Self, StatementError> {
        let name = match &statement.schema {
            Some(schema) => format!("{}.{}", quote_identifier(schema), quote_identifier(&statement.table)),
            None => quote_identifier(&statement.table),
        };
        let rows = backend.query(&relation(&name)).await?;
        let Some(row) = rows.first() else {
            return Err(StatementError::new(
                "42P01",
                format!("relation \"{}\" does not exist", statement.table),
            ));
        };
        // r_COPY: the target is a table.
        if text(row, 4) != "r" {
            return Err(StatementError::new("42809", format!("\"{}\" is not a table", statement.table)));
        }
        // copy-parameters-data-load, STATUPDATE: only for the table's owner and superusers.
        if statement.statistics.is_some() && text(row, 3) != "t" {
            return Err(StatementError::new(
                "42501",
                format!("must be owner of relation {} for STATUPDATE", statement.table),
            ));
        }
        let quoted = format!("{}.{}", quote_identifier(text(row, 1)), quote_identifier(text(row, 2)));
        let table = text(row, 2).to_owned();
        let id = text(row, 0).to_owned();
        let all = columns(backend, &id).await?;
        Ok(Self { id, columns: chosen(statement, &table, all)?, table, quoted })
    }

    /// PostgreSQL's statement for the load, with these options.
    pub fn copy_statement(&self, options: &str) -> String {
        let columns: Vec<String> = self.columns.iter().map(|column| quote_identifier(&column.name)).collect();
        format!("COPY {} ({}) FROM STDIN {options}", self.quoted, columns.join(", "))
    }
}

fn relation(name: &str) -> String {
    format!(
        "SELECT c.oid, n.nspname, c.relname, u.rolsuper OR c.relowner = u.oid, c.relkind \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_catalog.pg_roles u ON u.rolname = current_user \
         WHERE c.oid = pg_catalog.to_regclass({})",
        quote_literal(name)
    )
}

async fn columns(backend: &mut Backend, table_id: &str) -> Result<Vec<Column>, StatementError> {
    let rows = backend
        .query(&format!(
            "SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), t.typname, a.attnotnull, a.attidentity \
             FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
             WHERE a.attrelid = {table_id} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
        ))
        .await?;
    Ok(rows
        .iter()
        .map(|row| Column {
            not_null: text(row, 3) == "t",
            identity: text(row, 4) == "a",
            ..Column::described(text(row, 0), text(row, 1), text(row, 2))
        })
        .collect())
}

/// The columns that the files bring: the column list's or all, without IDENTITY columns unless EXPLICIT_IDS is given.
fn chosen(statement: &Copy, table: &str, all: Vec<Column>) -> Result<Vec<Column>, StatementError> {
    let identity: Vec<String> =
        all.iter().filter(|column| column.identity).map(|column| column.name.clone()).collect();
    let chosen: Vec<Column> = match &statement.columns {
        None => all.into_iter().filter(|column| statement.explicit_ids || !column.identity).collect(),
        Some(names) => names
            .iter()
            .map(|name| {
                all.iter().find(|column| column.name == *name).cloned().ok_or_else(|| {
                    StatementError::new(
                        "42703",
                        format!("column \"{name}\" of relation \"{table}\" does not exist"),
                    )
                })
            })
            .collect::<Result<_, _>>()?,
    };
    let brought = |name: &String| chosen.iter().any(|column| column.name == *name);
    if statement.explicit_ids && (identity.is_empty() || !identity.iter().all(brought)) {
        return Err(StatementError::new(
            "42601",
            format!("EXPLICIT_IDS needs the IDENTITY columns of table \"{table}\""),
        ));
    }
    if !statement.explicit_ids && identity.iter().any(brought) {
        return Err(StatementError::new(
            "42601",
            format!("cannot load the IDENTITY column of table \"{table}\""),
        )
        .with_hint("add EXPLICIT_IDS, or leave the column out of the column list"));
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::chosen;
    use crate::lexer::tokenize;
    use crate::statement::{StatementError, copy};
    use crate::transfer::column::Column;

    fn names(columns: &str, options: &str) -> Result<Vec<String>, StatementError> {
        let id = Column { identity: true, ..Column::described("id", "bigint", "int8") };
        let all = vec![id, Column::described("v", "integer", "int4")];
        let sql = format!("COPY t {columns} FROM 's3://b/p' IAM_ROLE default CSV {options}");
        let statement = copy::parse(&tokenize(&sql).unwrap()).unwrap();
        Ok(chosen(&statement, "t", all)?.into_iter().map(|column| column.name).collect())
    }

    #[test]
    fn identity_columns_come_only_with_explicit_ids() {
        assert_eq!(names("", "").unwrap(), ["v"]);
        assert_eq!(names("", "EXPLICIT_IDS").unwrap(), ["id", "v"]);
        assert_eq!(names("(v, id)", "EXPLICIT_IDS").unwrap(), ["v", "id"]);
        assert!(names("(id, v)", "").is_err());
        assert!(names("(v)", "EXPLICIT_IDS").is_err());
        assert_eq!(names("(x)", "").unwrap_err().sqlstate, "42703");
    }
}

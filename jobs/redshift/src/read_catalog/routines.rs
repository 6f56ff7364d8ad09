//! Functions and stored procedures.

use super::{Answers, ReadError, each_row, in_query, owner};
use crate::session::{DecodeError, ResultSet, Row};
use migration::catalog::{
    Argument, ArgumentMode, Catalog, Language, ProcedureClauses, Routine, RoutineKind, RoutineName,
    Volatility,
};
use migration::name::{Identifier, QualifiedName};
use migration::transfer::DataType;
use std::collections::HashMap;

pub(super) fn decode(answers: &Answers, catalog: &mut Catalog) -> Result<(), ReadError> {
    let types = decode_types(&answers.types).map_err(in_query("types"))?;
    each_row(&answers.routines, "routines", catalog, |row, catalog| {
        let (name, routine) = decode_routine(row, &types)?;
        if !catalog.is_behind_materialized_view(&name.name) {
            catalog.routines.insert(name, routine);
        }
        Ok(())
    })
}

type Types = HashMap<String, String>;

fn decode_types(answer: &ResultSet) -> Result<Types, DecodeError> {
    let of = |row: Row| Ok((row.text("oid")?.to_owned(), DataType::sql_name(row.text("data_type")?)));
    answer.rows().map(of).collect()
}

fn decode_routine(row: &Row, types: &Types) -> Result<(RoutineName, Routine), DecodeError> {
    let name = RoutineName {
        name: QualifiedName::new(row.identifier("nspname")?, row.identifier("proname")?),
        argument_types: row.text("argument_types")?.to_owned(),
    };
    let kind = match row.text("prokind")? {
        "p" => RoutineKind::Procedure,
        _ => RoutineKind::Function,
    };
    let returns = (kind == RoutineKind::Function).then(|| row.text("return_type").map(DataType::sql_name));
    let routine = Routine {
        kind,
        owner: owner(row.optional_identifier("owner")?),
        language: Language::parse(row.text("lanname")?),
        arguments: decode_arguments(row, types)?,
        returns: returns.transpose()?,
        volatility: match row.text("provolatile")? {
            "i" => Volatility::Immutable,
            "s" => Volatility::Stable,
            _ => Volatility::Volatile,
        },
        security_definer: row.boolean("prosecdef")?,
        clauses: (kind == RoutineKind::Function).then(ProcedureClauses::default),
        body: row.optional("prosrc")?.unwrap_or_default().to_owned(),
        default_privileges: row.boolean("default_privileges")?,
    };
    Ok((name, routine))
}

/// Where there are OUT arguments, proallargtypes and proargmodes list all of them; else proargtypes does, in which zeros may
/// stand for arguments that are not there.
fn decode_arguments(row: &Row, types: &Types) -> Result<Vec<Argument>, DecodeError> {
    let mut ids = row.array("proallargtypes")?;
    if ids.is_empty() {
        let inputs = row.text("proargtypes")?.split_ascii_whitespace();
        ids = inputs.filter(|id| *id != "0").map(str::to_owned).collect();
    }
    let (modes, names) = (row.array("proargmodes")?, row.array("proargnames")?);
    let arguments = ids.iter().enumerate().map(|(at, id)| {
        let malformed = |column: &str, value: &str, expected| DecodeError::Malformed {
            column: column.to_owned(),
            value: value.to_owned(),
            expected,
        };
        let mode = match modes.get(at).map_or("i", String::as_str) {
            "i" => ArgumentMode::In,
            "o" => ArgumentMode::Out,
            "b" => ArgumentMode::InOut,
            other => return Err(malformed("proargmodes", other, "the mode i, o or b")),
        };
        Ok(Argument {
            name: names.get(at).and_then(|name| Identifier::new(name.as_str()).ok()),
            mode,
            data_type: types
                .get(id)
                .cloned()
                .ok_or_else(|| malformed("proargtypes", id, "the id of a type"))?,
        })
    });
    arguments.collect()
}

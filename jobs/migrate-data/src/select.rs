//! Which tables `--TABLE_NAME` and `--TABLES` mean.

use crate::ledger::{earlier, failed};
use crate::load::{not_loaded, protected_failure};
use crate::moving::Moving;
use arguments::{MigrateData, TableName, Wanted};
use aws::DOCUMENTS_AT_ONCE;
use futures_util::{StreamExt, TryStreamExt, stream};
use job::{Effects, JobError, Run, Warehouses, standing_rows};
use migration::catalog::{Catalog, Table};
use migration::name::{Identifier, QualifiedName};
use migration::outcome::{ErrorKind, Failure, ListedTable, Status, TableList, TableOutcome};
use migration::plan::{Note, StandingRows};
use migration::transfer::{TargetColumn, check_target_columns, largest_first};
use migration::verify::Exposed;
use std::collections::{BTreeMap, BTreeSet};

/// What is asked for, before any warehouse is.
pub enum Asked {
    /// Names, some without their schema.
    Named(Vec<TableName>),
    /// The tables of a list.
    Listed(Vec<ListedTable>),
}

/// What is asked for, told apart.
pub struct Selection {
    /// What can move, the largest first.
    pub moving: Vec<Moving>,
    /// What cannot.
    pub failed: Vec<TableOutcome>,
}

impl Asked {
    /// Reads the list that `--TABLES` names.
    pub async fn of<E: Effects>(run: &Run<E>, arguments: &MigrateData) -> Result<Self, JobError> {
        let key = match &arguments.wanted {
            Wanted::Named(names) => return Ok(Self::Named(names.clone())),
            Wanted::Listed(key) => key,
        };
        let list: Option<TableList> = run.ledger.get(key).await?;
        let refused =
            |cause: &str| Err(JobError::of(ErrorKind::Configuration, format_args!("--TABLES: {key}"), cause));
        match list {
            None => refused("there is no such document; name an item of the run's tables.json"),
            Some(list) if list.tables.is_empty() => refused("it lists no table"),
            Some(list) => Ok(Self::Listed(list.tables)),
        }
    }

    /// What the ledger is told when the job ends before it looks: nothing can be said of a list's tables that the list does
    /// not say.
    pub fn failed<E: Effects>(
        &self,
        run: &Run<E>,
        arguments: &MigrateData,
        failure: &Failure,
    ) -> Vec<TableOutcome> {
        match self {
            Self::Named(names) => {
                names.iter().map(|name| failed(run, &ledger_name(name, arguments), failure.clone())).collect()
            }
            Self::Listed(_) => Vec::new(),
        }
    }

    /// Finds the tables in the tenant's schemas of the source, and whether the target takes them.
    pub fn select<E: Effects>(
        self,
        run: &Run<E>,
        arguments: &MigrateData,
        (source, target): (&Catalog, &Catalog),
    ) -> Result<Selection, JobError> {
        let mut selection = Selection { moving: Vec::new(), failed: Vec::new() };
        let mut listed = match self {
            Self::Listed(tables) => tables,
            Self::Named(names) => {
                let mut found = Vec::new();
                for name in names {
                    if let Some(table) = resolve(source, &arguments.common.schemas, &name)? {
                        found.push(ListedTable { megabytes: source.megabytes(table), table: table.clone() });
                    } else {
                        let failure = no_such_table(&name);
                        selection.failed.push(failed(run, &ledger_name(&name, arguments), failure));
                    }
                }
                found
            }
        };
        largest_first(&mut listed);
        let mut seen = BTreeSet::new();
        for ListedTable { table: name, megabytes } in
            listed.into_iter().filter(|one| seen.insert(one.table.clone()))
        {
            let table = source.tables.get(&name).filter(|_| arguments.common.schemas.contains(&name.schema));
            let fitting = match table {
                Some(table) => fits(&name, table, target.tables.get(&name)).map(|()| table.clone()),
                None => Err(no_such_table(&TableName {
                    schema: Some(name.schema.clone()),
                    table: name.name.clone(),
                })),
            };
            match fitting {
                Ok(table) => {
                    selection.moving.push(Moving { name, table, megabytes });
                }
                Err(failure) => selection.failed.push(failed(run, &name, failure)),
            }
        }
        Ok(selection)
    }
}

impl Selection {
    /// Takes out the tables whose rows more could see on the target than on the source.
    pub fn leave_exposed<E: Effects>(
        &mut self,
        run: &Run<E>,
        exposed: &BTreeMap<QualifiedName, Vec<Exposed>>,
    ) {
        for moving in self.moving.extract_if(.., |moving| exposed.contains_key(&moving.name)) {
            let causes: Vec<String> = exposed[&moving.name].iter().map(Exposed::to_string).collect();
            let causes = causes.join("; ");
            let failure = Failure {
                kind: ErrorKind::Protected,
                message: format!("{}: {causes}; its rows on the target are left as they are", moving.name.plain()),
                remedy: "make both alike: start migrate-schema, or REVOKE on the target; then start the job again for this table"
                    .to_owned(),
            };
            self.failed.push(failed(run, &moving.name, failure));
        }
    }

    /// Takes out the tables that hold rows on the target which may not be replaced, or whose keys S3 would refuse: nothing is
    /// unloaded for them. The load looks again, under the table's lock. A table that this run has moved stays as it is.
    pub async fn leave_protected<E: Effects>(
        &mut self,
        run: &Run<E>,
        arguments: &MigrateData,
        warehouses: &mut Warehouses<E>,
    ) -> Result<(), JobError> {
        let asked = self.moving.iter().map(|moving| {
            let name = moving.name.clone();
            async move {
                let earlier = if arguments.force { None } else { earlier(run, &name).await? };
                let is_moved = earlier.is_some_and(|outcome| outcome.status == Status::Finished);
                Ok::<_, JobError>((!is_moved).then_some(name))
            }
        });
        let asked = stream::iter(asked.collect::<Vec<_>>()).buffered(DOCUMENTS_AT_ONCE);
        let names: Vec<QualifiedName> = asked.try_filter_map(async |name| Ok(name)).try_collect().await?;
        let names: Vec<&QualifiedName> = names.iter().collect();
        let (source, target) = (warehouses.source.site().clone(), warehouses.target.site().clone());
        let mut refused: BTreeMap<QualifiedName, Failure> = BTreeMap::new();
        for StandingRows { rows, others } in
            standing_rows(run, &mut warehouses.target, &names, &arguments.replace, arguments.verify).await?
        {
            if let Some(others) = others {
                refused.insert(rows.table.clone(), protected_failure(&rows, others, &source, &target));
            }
        }
        for name in names {
            if let Some(Note { subject, reason, .. }) =
                run.key_too_long(&arguments.common.run.bucket, &target.place, name)
            {
                let (message, remedy) = (format!("{subject}: {reason}"), reason.remedy().into_owned());
                refused.insert(name.clone(), Failure { kind: ErrorKind::Unsupported, message, remedy });
            }
        }
        self.moving.retain(|moving| !refused.contains_key(&moving.name));
        self.failed.extend(refused.into_iter().map(|(table, failure)| failed(run, &table, failure)));
        Ok(())
    }
}

/// What the sessions of this work are told apart by: the same for the same work.
pub fn detail(wanted: &Wanted) -> String {
    match wanted {
        Wanted::Named(names) => names.iter().map(TableName::to_string).collect::<Vec<_>>().join(","),
        Wanted::Listed(key) => key.clone(),
    }
}

/// Where the outcome of a table is kept, found or not: in the schema named, else in the first of `--SCHEMAS`.
fn ledger_name(name: &TableName, arguments: &MigrateData) -> QualifiedName {
    let schema = name.schema.as_ref().or_else(|| arguments.common.schemas.first());
    // --SCHEMAS is never empty: its type sees to that.
    let schema = schema.unwrap_or(&name.table);
    QualifiedName::new(schema.clone(), name.table.clone())
}

/// The table that a name means: in the schema named, or in the only one of the tenant's that has it.
fn resolve<'a>(
    source: &'a Catalog,
    schemas: &[Identifier],
    wanted: &TableName,
) -> Result<Option<&'a QualifiedName>, JobError> {
    if let Some(schema) = wanted.schema.as_ref().filter(|schema| !schemas.contains(schema)) {
        return Err(JobError::of(
            ErrorKind::Arguments,
            format_args!("the schema {} of the table {wanted} is none of the tenant's", schema.as_str()),
            "name it in --SCHEMAS too",
        ));
    }
    let found = |name: &&QualifiedName| {
        name.name == wanted.table
            && schemas.contains(&name.schema)
            && wanted.schema.as_ref().is_none_or(|schema| *schema == name.schema)
    };
    let mut tables = source.tables.keys().filter(found);
    match (tables.next(), tables.next()) {
        (Some(one), Some(other)) => Err(JobError::of(
            ErrorKind::Arguments,
            format_args!("the table {wanted} is in {} and in {}", one.schema.as_str(), other.schema.as_str()),
            "say which with --TABLE_NAME schema.table",
        )),
        (found, _) => Ok(found),
    }
}

/// Refuses early what the load would refuse: nothing is unloaded that nobody takes.
fn fits(name: &QualifiedName, table: &Table, target: Option<&Table>) -> Result<(), Failure> {
    let Some(target) = target else {
        return Err(Failure {
            kind: ErrorKind::NotFound,
            message: format!("there is no table {} on the target", name.plain()),
            remedy: "run migrate-schema first, then start the job again for this table".to_owned(),
        });
    };
    let columns: Vec<TargetColumn> = target.columns.iter().map(TargetColumn::from).collect();
    check_target_columns(&table.columns, &columns).map_err(|misfit| not_loaded(name, &misfit.into()))
}

fn no_such_table(name: &TableName) -> Failure {
    Failure {
        kind: ErrorKind::NotFound,
        message: format!("there is no table {name} in the tenant's schemas on the source"),
        remedy: "check --TABLE_NAME or the list of --TABLES, and --SCHEMAS".to_owned(),
    }
}

use super::*;
use crate::session::testing::RecordingSession;
use migration::catalog::{Argument, Column, DistributionStyle, ProcedureClauses, Routine, Table, Volatility};
use migration::outcome::ErrorKind;
use std::collections::BTreeMap;

fn id(name: &str) -> Identifier {
    Identifier::new(name).unwrap()
}

fn table(data_types: &[&str]) -> Table {
    let column = |(at, data_type): (usize, &&str)| Column {
        name: id(&format!("c{at}")),
        data_type: (*data_type).to_owned(),
        not_null: false,
        default: None,
        encoding: "lzo".into(),
        collation: None,
    };
    Table {
        owner: id("ann"),
        columns: data_types.iter().enumerate().map(column).collect(),
        distribution: DistributionStyle::Even,
        sort_key: None,
        backup: true,
        automatic: None,
        unique_keys: vec![],
        foreign_keys: vec![],
    }
}

fn procedure() -> Routine {
    Routine {
        kind: RoutineKind::Procedure,
        owner: id("ann"),
        language: Language::Plpgsql,
        arguments: Vec::<Argument>::new(),
        returns: None,
        volatility: Volatility::Volatile,
        security_definer: false,
        clauses: None,
        body: "BEGIN END".into(),
        default_privileges: true,
    }
}

/// Tables and a procedure in the tenant's schema, one of each in another.
fn catalog(tables: usize) -> Catalog {
    let name = |schema: &str, name: &str| QualifiedName::new(id(schema), id(name));
    let text = table(&["integer", "character varying(10)", "super"]);
    let own = (0..tables).map(|at| (name("shop", &format!("t{at:03}")), text.clone()));
    let others = [(name("shop", "numbers"), table(&["integer", "date"])), (name("other", "t"), text.clone())];
    let routine =
        |schema| (RoutineName { name: name(schema, "p"), argument_types: "integer".into() }, procedure());
    Catalog {
        database: Some(id("dev")),
        tables: own.chain(others).collect(),
        routines: BTreeMap::from([routine("shop"), routine("other")]),
        ..Catalog::default()
    }
}

fn answer(columns: &[&str], rows: &[&[&str]]) -> ResultSet {
    let text = |value: &&str| (!value.is_empty()).then(|| (*value).to_owned());
    let rows = rows.iter().map(|row| row.iter().map(text).collect()).collect();
    ResultSet::new(columns.iter().map(|&column| column.to_owned()), rows)
}

fn columns(collations: [&str; 3]) -> ResultSet {
    let [first, second, third] = collations;
    answer(&["column_name", "collation"], &[&["c0", first], &["c1", second], &["c2", third]])
}

fn shown(clauses: &str) -> ResultSet {
    let text =
        format!("CREATE OR REPLACE PROCEDURE shop.p(integer)\n{clauses}LANGUAGE plpgsql\nAS $_$BEGIN END$_$");
    answer(&["Stored Procedure Definition"], &[&[&text]])
}

fn refused(sqlstate: &str) -> SqlError {
    SqlError {
        kind: ErrorKind::Denied,
        sqlstate: Some(sqlstate.to_owned()),
        statement_index: Some(0),
        message: "no".into(),
        context: None,
    }
}

async fn read_shop(session: &mut RecordingSession, catalog: &mut Catalog) -> Result<(), ReadError> {
    super::read(session, catalog, &BTreeSet::from([id("shop")])).await
}

fn collations(catalog: &Catalog) -> Vec<Option<Collation>> {
    let name = QualifiedName::new(id("shop"), id("t000"));
    catalog.tables[&name].columns.iter().map(|column| column.collation).collect()
}

fn clauses<'a>(catalog: &'a Catalog, schema: &str) -> Option<&'a ProcedureClauses> {
    let name =
        RoutineName { name: QualifiedName::new(id(schema), id("p")), argument_types: "integer".into() };
    catalog.routines[&name].clauses.as_ref()
}

#[tokio::test]
async fn what_is_not_as_in_the_database_is_kept() {
    let mut catalog = catalog(1);
    let answers = [Ok(vec![columns(["", "case_insensitive", "default"])]), Ok(vec![shown("NONATOMIC\n")])];
    let mut session = RecordingSession::answering(answers);
    read_shop(&mut session, &mut catalog).await.unwrap();
    let sent: Vec<_> = session.sent.iter().map(Batch::text).collect();
    assert_eq!(
        sent,
        [r#"SHOW COLUMNS FROM TABLE "dev"."shop"."t000""#, r#"SHOW PROCEDURE "shop"."p"(integer)"#]
    );
    assert_eq!(collations(&catalog), [None, Some(Collation::CaseInsensitive), None]);
    assert_eq!(clauses(&catalog, "shop"), Some(&ProcedureClauses { nonatomic: true, setting: None }));
    assert_eq!(clauses(&catalog, "other"), None);
    assert_eq!(catalog.unread, BTreeSet::new());
    // Said again of a column, the database's own collation is no other.
    catalog.collation = Collation::CaseInsensitive;
    let answers = [Ok(vec![columns(["", "case_insensitive", "case_sensitive"])])];
    read_shop(&mut RecordingSession::answering(answers), &mut catalog).await.unwrap();
    assert_eq!(collations(&catalog)[2], Some(Collation::CaseSensitive));
}

#[tokio::test]
async fn messages_hold_two_hundred_statements() {
    let mut catalog = catalog(401);
    let answers = [200, 200, 1].map(|count| Ok(vec![columns(["", "default", ""]); count]));
    let mut session = RecordingSession::answering(answers.into_iter().chain([Ok(vec![shown("")])]));
    read_shop(&mut session, &mut catalog).await.unwrap();
    let sent: Vec<_> = session.sent.iter().map(|batch| batch.statements().len()).collect();
    assert_eq!(sent, [200, 200, 1, 1]);
}

#[tokio::test]
async fn a_refusal_costs_its_own_part() {
    for (answers, lost) in [
        (vec![Err(refused("42501")), Err(refused("42501")), Ok(vec![shown("")])], Section::Collations),
        (
            vec![
                Ok(vec![columns(["", "case_insensitive", ""])]),
                Err(refused("42601")),
                Err(refused("42601")),
            ],
            Section::ProcedureClauses,
        ),
        // A user who may not see the table may be shown no row of it.
        (
            vec![Ok(vec![answer(&["column_name", "collation"], &[])]), Ok(vec![shown("")])],
            Section::Collations,
        ),
        // An answer that is not as the page has it.
        (vec![Ok(vec![columns(["", "swedish", ""])]), Ok(vec![shown("")])], Section::Collations),
        (vec![Ok(vec![answer(&["column_name"], &[&["c0"]])]), Ok(vec![shown("")])], Section::Collations),
    ] {
        let mut catalog = catalog(1);
        read_shop(&mut RecordingSession::answering(answers), &mut catalog).await.unwrap();
        assert_eq!(catalog.unread.len(), 1, "{:?}", catalog.unread);
        assert!(!catalog.tells(lost));
        let collated = collations(&catalog)[1].is_some();
        assert_eq!(collated, lost == Section::ProcedureClauses);
        assert_eq!(clauses(&catalog, "shop").is_some(), lost == Section::Collations);
    }
}

#[tokio::test]
async fn a_lost_connection_is_no_refusal() {
    let lost = SqlError::lost(&Batch::default(), "gone");
    let read = read_shop(&mut RecordingSession::answering([Err(lost)]), &mut catalog(1)).await;
    assert!(matches!(read, Err(ReadError::Show { statement: "SHOW COLUMNS", .. })), "{read:?}");
}

#[tokio::test]
async fn what_is_gone_by_now_costs_itself() {
    let mut catalog = catalog(2);
    let answers = [
        Err(refused("42P01")),
        Err(refused("42P01")),
        Ok(vec![columns(["", "case_insensitive", ""])]),
        Ok(vec![shown("")]),
    ];
    read_shop(&mut RecordingSession::answering(answers), &mut catalog).await.unwrap();
    assert!(!catalog.tells(Section::Collations));
    let second = QualifiedName::new(id("shop"), id("t001"));
    assert_eq!(catalog.tables[&second].columns[1].collation, Some(Collation::CaseInsensitive));
}

#[tokio::test]
async fn a_statement_that_is_refused_for_all_is_asked_no_more() {
    let mut catalog = catalog(401);
    let answers = (0..201).map(|_| Err(refused("42601"))).chain([Ok(vec![shown("")])]);
    let mut session = RecordingSession::answering(answers);
    read_shop(&mut session, &mut catalog).await.unwrap();
    assert_eq!(session.sent.len(), 202);
    assert!(!catalog.tells(Section::Collations));
}

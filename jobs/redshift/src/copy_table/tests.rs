#![allow(clippy::unnecessary_wraps, reason = "what a session answers may be an error")]

use super::*;
use crate::session::ResultSet;
use crate::session::testing::RecordingSession;
use migration::name::Identifier;
use migration::outcome::ErrorKind;
use migration::transfer::NullMarker;

type Answer = Result<Vec<ResultSet>, SqlError>;

fn table(columns: &[&str], rows: &[&[&str]]) -> ResultSet {
    let row =
        |row: &&[&str]| row.iter().map(|value| (*value != "NULL").then(|| (*value).to_owned())).collect();
    ResultSet::new(columns.iter().map(|name| (*name).to_owned()), rows.iter().map(row).collect())
}

fn number(column: &str, value: &str) -> ResultSet {
    table(&[column], &[&[value]])
}

/// What the target is asked first; its table has the columns `a` and an identity `i`.
fn target(rows: &str, last_copy: &str) -> Vec<ResultSet> {
    let columns = table(
        &["attname", "data_type", "attnotnull", "default_expression"],
        &[&["a", "integer", "f", "NULL"], &["i", "bigint", "t", r#""identity"(1, 2, '100,1'::text)"#]],
    );
    vec![columns, number("rows", rows), number("copy_id", last_copy)]
}

/// Whose rows stand on the target, by a double that says so and keeps what it hears.
struct Told {
    standing: Standing,
    asked: Vec<u64>,
    committing: Vec<(u64, bool)>,
    ledger: Result<(), ()>,
}

impl Told {
    fn that(standing: Standing) -> Self {
        Self { standing, asked: Vec::new(), committing: Vec::new(), ledger: Ok(()) }
    }
}

impl OldRows for Told {
    async fn standing(&mut self, rows: u64) -> Result<Standing, CopyError> {
        self.asked.push(rows);
        Ok(self.standing.clone())
    }

    async fn committing(&mut self, rows: u64, fingerprint: Option<&Fingerprint>) -> Result<(), CopyError> {
        self.committing.push((rows, fingerprint.is_some()));
        let lost = |()| CopyError::Ledger { kind: ErrorKind::Unreachable, message: "no ledger".into() };
        self.ledger.map_err(lost)
    }
}

/// What it is asked last.
fn checks(copy_id: &str, loaded: &str, furthest: &str, rows: &str) -> Vec<ResultSet> {
    let copy = table(&["copy_id", "rows"], &[&[copy_id, loaded]]);
    let furthest =
        table(&["schema_name", "table_name", "column_name", "furthest"], &[&["s", "t", "i", furthest]]);
    vec![copy, furthest, number("rows", rows)]
}

fn nothing() -> Vec<ResultSet> {
    vec![ResultSet::default()]
}

fn column(name: &str, data_type: &str) -> Column {
    let name = Identifier::new(name).unwrap();
    Column {
        name,
        data_type: data_type.into(),
        not_null: false,
        default: None,
        encoding: "none".into(),
        collation: None,
    }
}

/// The first words of what was sent, a message a line, and the result.
async fn load(
    answers: impl IntoIterator<Item = Vec<ResultSet>>,
    unloaded: u64,
) -> (Vec<String>, Result<Rows, CopyError>) {
    load_answered(answers.into_iter().map(Ok), unloaded).await
}

async fn load_answered(
    answers: impl IntoIterator<Item = Answer>,
    unloaded: u64,
) -> (Vec<String>, Result<Rows, CopyError>) {
    load_told(answers, unloaded, Verify::Count, &mut Told::that(Standing::Ours)).await
}

async fn load_told(
    answers: impl IntoIterator<Item = Answer>,
    unloaded: u64,
    verify: Verify,
    told: &mut Told,
) -> (Vec<String>, Result<Rows, CopyError>) {
    // BEGIN and LOCK answer nothing.
    let answers = [Ok(nothing()), Ok(nothing())].into_iter().chain(answers);
    let mut session = RecordingSession::answering(answers);
    let id = |name| Identifier::new(name).unwrap();
    let name = QualifiedName::new(id("s"), id("t"));
    let load = Load {
        table: &name,
        columns: &[column("a", "integer"), column("i", "bigint")],
        format: &Format::Csv { null_marker: NullMarker::from_bits(1) },
        manifest_url: "s3://b/a/manifest",
        iam_role: "arn",
        region: None,
        unloaded,
        marked: None,
        verify,
        fingerprint: None,
    };
    let result = copy_table(&mut session, &load, told).await;
    let verb = |sql: &statement::Sql| {
        let text = sql.as_str().lines().find(|line| !line.starts_with("--")).unwrap_or_default();
        text.split(' ').next().unwrap_or_default().to_owned()
    };
    let message = |batch: &Batch| batch.statements().iter().map(verb).collect::<Vec<_>>().join(" ");
    (session.sent.iter().map(message).collect(), result)
}

const LOOK: &str = "SELECT SELECT SELECT";
const CHECKS: &str = "SELECT SELECT SELECT";

#[tokio::test]
async fn an_empty_table_is_loaded_without_delete() {
    let (sent, result) = load([target("0", "7"), nothing(), checks("8", "3", "99", "3")], 3).await;
    assert_eq!(sent, ["BEGIN", "LOCK", LOOK, "COPY", CHECKS, "COMMIT"]);
    let rows = result.unwrap();
    assert_eq!((rows.replaced, rows.loaded, rows.target), (Some(0), Some(3), Some(3)));
}

#[tokio::test]
async fn a_table_of_no_rows_is_emptied_without_copy() {
    let (sent, result) = load([target("5", "7"), nothing(), checks("7", "4", "NULL", "0")], 0).await;
    assert_eq!(sent, ["BEGIN", "LOCK", LOOK, "DELETE", CHECKS, "COMMIT"]);
    assert_eq!((result.as_ref().unwrap().replaced, result.unwrap().loaded), (Some(5), Some(0)));
}

#[tokio::test]
async fn any_difference_rolls_back() {
    for (case, answer) in [
        ("fewer loaded", checks("8", "2", "1", "3")),
        ("more on the target", checks("8", "3", "1", "4")),
        ("the count of another COPY", checks("7", "3", "1", "3")),
        ("an identity at its seed", checks("8", "3", "100", "3")),
    ] {
        let (sent, result) = load([target("5", "7"), nothing(), nothing(), answer], 3).await;
        assert_eq!(sent, ["BEGIN", "LOCK", LOOK, "DELETE", "COPY", CHECKS, "ROLLBACK"], "{case}");
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Data, "{case}");
    }
}

#[tokio::test]
async fn a_table_that_differs_is_refused_before_its_rows_are_touched() {
    let mut answer = target("5", "7");
    answer[0] =
        table(&["attname", "data_type", "attnotnull", "default_expression"], &[&["a", "date", "f", "NULL"]]);
    let (sent, result) = load([answer], 3).await;
    assert_eq!(sent, ["BEGIN", "LOCK", LOOK, "ROLLBACK"]);
    assert_eq!(result.unwrap_err().to_string(), "column a is date on the target and integer on the source");
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_told_by_its_place() {
    let refused = SqlError {
        kind: ErrorKind::Data,
        sqlstate: Some("XX000".into()),
        statement_index: Some(0),
        message: "Invalid digit, Value 'secret'".into(),
        context: None,
    };
    let columns = ["query_id", "session_id", "error_code", "column_name", "line_number", "file_name"];
    let errors = |file| {
        let row = ["9", "1", "1207", "a", "4", file];
        vec![table(&columns, &[&["10", "1", "1204", "", "1", "s3://b/other/f"], &row])]
    };
    for (file, told) in [
        (
            "s3://b/a/f",
            "COPY failed with load error 1207 (not a whole number) in column a on line 4 of s3://b/a/f",
        ),
        ("s3://b/b/f", "COPY was refused with SQLSTATE XX000"),
    ] {
        let answers = [Ok(target("0", "7")), Err(refused.clone()), Ok(nothing()), Ok(errors(file))];
        let (sent, result) = load_answered(answers, 3).await;
        assert_eq!(sent, ["BEGIN", "LOCK", LOOK, "COPY", "ROLLBACK", "SELECT"]);
        assert_eq!(result.unwrap_err().to_string(), told);
    }
}

#[tokio::test]
async fn rows_of_others_stay_and_their_number_is_told() {
    let mut told = Told::that(Standing::Others(Others::NeverLoaded));
    let (sent, result) = load_told([Ok(target("5", "7"))], 3, Verify::Count, &mut told).await;
    assert_eq!(sent, ["BEGIN", "LOCK", LOOK, "ROLLBACK"]);
    let error = result.unwrap_err();
    assert_eq!(error.to_string(), "the target's table holds 5 rows; no run of this tenant loaded the table");
    assert_eq!((error.kind(), told.asked), (ErrorKind::Protected, vec![5]));
}

#[tokio::test]
async fn an_empty_table_is_nobodys() {
    let mut told = Told::that(Standing::Others(Others::NeverLoaded));
    let answers = [target("0", "7"), nothing(), checks("8", "3", "99", "3")].map(Ok);
    let (sent, result) = load_told(answers, 3, Verify::Count, &mut told).await;
    assert_eq!(sent, ["BEGIN", "LOCK", LOOK, "COPY", CHECKS, "COMMIT"]);
    assert!(result.is_ok() && told.asked.is_empty());
    assert_eq!(told.committing, [(3, false)]);
}

#[tokio::test]
async fn values_prove_whose_rows_they_are() {
    let sums = |a: &str| vec![table(&["of_rows", "c1", "c2"], &[&["9", a, "2"]])];
    let known = |names: &[&str]| {
        let column =
            |name: &&str| (Identifier::new(*name).unwrap(), if *name == "a" { "1" } else { "2" }.to_owned());
        Standing::OursIf(vec![Fingerprint { rows: None, columns: names.iter().map(column).collect() }])
    };
    for (case, standing, found, ours) in [
        ("the same", known(&["a", "i"]), "1", true),
        ("another value", known(&["a", "i"]), "3", false),
        ("a column that was not compared", known(&["a"]), "1", false),
    ] {
        let mut told = Told::that(standing);
        let answers =
            [target("3", "7"), sums(found), nothing(), nothing(), checks("8", "3", "99", "3")].map(Ok);
        let (sent, result) = load_told(answers, 3, Verify::Count, &mut told).await;
        assert_eq!(result.is_ok(), ours, "{case}");
        let expected: &[&str] = if ours {
            &["BEGIN", "LOCK", LOOK, "SELECT", "DELETE", "COPY", CHECKS, "COMMIT"]
        } else {
            &["BEGIN", "LOCK", LOOK, "SELECT", "ROLLBACK"]
        };
        assert_eq!(sent, expected, "{case}");
    }
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_committed() {
    let mut told = Told { ledger: Err(()), ..Told::that(Standing::Ours) };
    let answers = [target("0", "7"), nothing(), checks("8", "3", "99", "3"), nothing()].map(Ok);
    let (sent, result) = load_told(answers, 3, Verify::Count, &mut told).await;
    assert_eq!(sent, ["BEGIN", "LOCK", LOOK, "COPY", CHECKS, "ROLLBACK"]);
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Unreachable);
}

//! INSERT and COPY take the same values: lengths are bytes (`r_Character_types`, `r_VARBYTE_type`, `multi-byte-character-load-errors`).

use anyhow::Result;

use super::stage::{Stage, refusal};

/// SQLSTATE and message.
type Refusal = (&'static str, &'static str);

/// A column's type, the value as INSERT and as COPY get it, and why INSERT refuses it, if it does.
const VALUES: [(&str, &str, &str, Option<Refusal>); 16] = [
    ("VARCHAR(4)", "'abcd'", "abcd", None),
    ("VARCHAR(4)", "'abcde'", "abcde", Some(("22001", "value too long for type character varying(4)"))),
    ("VARCHAR(4)", "'éé'", "éé", None),
    ("VARCHAR(4)", "'ééa'", "ééa", Some(("22001", "value too long for type character varying(4)"))),
    ("VARCHAR(4)", "'😀'", "😀", None),
    ("VARCHAR(4)", "LOWER('😀A')", "😀a", Some(("22001", "value too long for type character varying(4)"))),
    ("VARCHAR(4)", "''", "\"\"", None),
    ("VARCHAR(65535)", "REPEAT('é', 32767)", "é", None),
    ("CHAR(3)", "'abc'", "abc", None),
    ("CHAR(3)", "'ab     '", "ab     ", None),
    ("CHAR(3)", "'abcd'", "abcd", Some(("22001", "value too long for type character(3)"))),
    ("CHAR(3)", "'é'", "é", Some(("22021", "CHAR string contains invalid ASCII character"))),
    ("CHAR(3)", "LOWER('É')", "é", Some(("22021", "CHAR string contains invalid ASCII character"))),
    ("VARBYTE(2)", "FROM_HEX('00ff')", "00ff", None),
    (
        "VARBYTE(2)",
        "FROM_HEX('00ff00')",
        "00ff00",
        Some(("22001", "value too long for type binary varying(2)")),
    ),
    ("VARBYTE(3)", "TO_VARBYTE('é', 'utf8')", "c3a9", None),
];

#[tokio::test]
async fn insert_and_copy_take_the_same_values() -> Result<()> {
    let stage = Stage::set("lengths").await?;
    for (at, (of, inserted, copied, refused)) in VALUES.into_iter().enumerate() {
        let table = format!("t{at}");
        stage.client.batch_execute(&format!("CREATE TABLE {table} (a {of})")).await?;
        let key = format!("{at}.csv");
        stage.put(&key, &format!("{copied}\n")).await?;
        let insert = stage.client.batch_execute(&format!("INSERT INTO {table} VALUES ({inserted})")).await;
        let update = stage.client.batch_execute(&format!("UPDATE {table} SET a = {inserted}")).await;
        let select = stage.client.batch_execute(&format!("INSERT INTO {table} SELECT {inserted}")).await;
        let copy = stage.copy(&table, &key, "").await;
        let Some((code, message)) = refused else {
            for (statement, result) in
                [("INSERT", insert), ("UPDATE", update), ("SELECT", select), ("COPY", copy)]
            {
                assert!(result.is_ok(), "{statement} of {inserted} into {of}: {result:?}");
            }
            assert_eq!(stage.rows_of(&table).await?, "3", "{inserted} into {of}");
            continue;
        };
        for result in [insert, select] {
            let error = result.expect_err(inserted);
            let error = error.as_db_error().expect("an error of the server's");
            assert_eq!((error.code().code(), error.message()), (code, message), "{inserted} into {of}");
        }
        let (message, _) = refusal(copy)?;
        assert!(message.contains("failed.  Check 'sys_load_error_detail'"), "{copied} into {of}: {message}");
        assert_eq!(stage.rows_of(&table).await?, "0", "{inserted} into {of}");
    }
    stage.warehouse.stop().await
}

/// A cast cuts at the end of a character; a text of blanks is cut to a column's length (`r_Character_types`, `r_CAST_function`).
#[tokio::test]
async fn a_cast_cuts_and_blanks_are_cut_off() -> Result<()> {
    let stage = Stage::set("cuts").await?;
    let row = stage.row("SELECT 'ééé'::VARCHAR(4), 'ééé'::VARCHAR(5), 'abcde'::VARCHAR(3)").await?;
    assert_eq!(row, ["éé", "éé", "abc"].map(|text| Some(text.to_owned())));
    stage.client.batch_execute("CREATE TABLE t (a VARCHAR(3)); INSERT INTO t VALUES ('é   ')").await?;
    assert_eq!(stage.row("SELECT a || '|' FROM t").await?, [Some("é |".to_owned())]);
    stage.warehouse.stop().await
}

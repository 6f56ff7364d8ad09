//! Every type × value × format, in both directions between the kinds of warehouse: what the jobs' code moves is the same, bit by bit,
//! behind both proxies. Which format a type is for stands here once more, by itself.

use anyhow::{Context, Result};
use migration::transfer::Format;
use redshift_local::Kind;

use super::pair::{Pair, SCHEMA, name};

/// A type and the values of it that break things, as SQL of the backend's; NULL comes with each.
struct Row {
    table: &'static str,
    data_type: &'static str,
    parquet: bool,
    values: &'static [&'static str],
}

const fn row(
    table: &'static str,
    data_type: &'static str,
    parquet: bool,
    values: &'static [&'static str],
) -> Row {
    Row { table, data_type, parquet, values }
}

const ROWS: &[Row] = &[
    row("small", "SMALLINT", true, &["-32768", "32767", "0"]),
    row("middle", "INTEGER", true, &["-2147483648", "2147483647", "0"]),
    row("big", "BIGINT", true, &["'-9223372036854775808'", "9223372036854775807", "0"]),
    row("whole", "NUMERIC(38, 0)", true, &["99999999999999999999999999999999999999", "-1", "0"]),
    row(
        "fine",
        "NUMERIC(38, 37)",
        true,
        &["9.9999999999999999999999999999999999999", "-0.0000000000000000000000000000000000001", "0"],
    ),
    row("money", "NUMERIC(18, 4)", true, &["99999999999999.9999", "-0.0001", "1.5"]),
    row(
        "single",
        "REAL",
        true,
        // The first two are neighbours, which eight digits do not tell apart.
        &[
            "'1000.000061'",
            "'1000.000122'",
            "0.1",
            "'3.4028235e38'",
            "'1e-45'",
            "'-0'",
            "'NaN'",
            "'-Infinity'",
        ],
    ),
    row(
        "float",
        "DOUBLE PRECISION",
        true,
        &[
            "0.1",
            "'1.7976931348623157e308'",
            "'5e-324'",
            "'-0'",
            "'NaN'",
            "'Infinity'",
            "0.30000000000000004",
        ],
    ),
    row("flag", "BOOLEAN", true, &["true", "false"]),
    row("fixed", "CHAR(5)", true, &["''", "'ab'", "'abcde'", "' a'", "'a\"b,c'", "E'\\\\N'"]),
    row(
        "text",
        "VARCHAR(65535)",
        true,
        &[
            "''",
            "' '",
            "'  both ends  '",
            "'NULL'",
            "'null'",
            "E'\\\\N'",
            "E'\\\\'",
            "'\"'",
            "'\"\"'",
            "'a,\"b\"'",
            "E'a\\nb\\r\\nc\\rd'",
            "E'\\t'",
            "'12345678901234567890123456789012345678'",
            "'äöü 日本語 🎉'",
            "repeat('é', 32767) || 'x'",
            "repeat('\"', 65535)",
        ],
    ),
    row(
        "day",
        "DATE",
        true,
        &["'0001-01-01'", "'9999-12-31'", "'2000-02-29'", "'1582-10-10'", "'1970-01-01'"],
    ),
    row(
        "moment",
        "TIMESTAMP",
        true,
        &[
            "'0001-01-01'",
            "'9999-12-31 23:59:59.999999'",
            "'1969-12-31 23:59:59.999999'",
            "'2024-02-29 12:00'",
        ],
    ),
    row(
        "instant",
        "TIMESTAMPTZ",
        false,
        &["'2024-02-29 23:59:59.123456+14'", "'1969-12-31 23:59:59.999999-12'", "'0001-01-02 00:00:00+00'"],
    ),
    row("clock", "TIME", false, &["'00:00'", "'23:59:59.999999'", "'12:00:00.000001'"]),
    row("zoned", "TIMETZ", false, &["'00:00-12'", "'23:59:59.999999+14'", "'12:00+05:45'"]),
    row("months", "INTERVAL YEAR TO MONTH", false, &["'3 years 4 months'", "'-1 month'", "'0 months'"]),
    row(
        "seconds",
        "INTERVAL DAY TO SECOND",
        false,
        &["'3 days 04:05:06.789'", "'-1 day'", "'00:00:00.000001'", "'0 days'"],
    ),
    row(
        "document",
        "SUPER",
        false,
        &[
            "'null'",
            "'\"null\"'",
            "'\"\"'",
            "'true'",
            "'0'",
            "'1.0'",
            "'[]'",
            "'{}'",
            "'[null]'",
            "'{\"a\":null,\"A\":[1,{\"b\":\"x,y\"}]}'",
            "'\"12345678901234567890123456789012345678\"'",
            "'10000000000000000000000000000000000000'",
            "E'\"a \\\\\"quoted\\\\\", text\\\\nwith lines\"'",
            "'\"äöü 日本語 🎉\"'",
            "('[' || repeat('\"' || repeat('x', 65000) || '\",', 15) || '1]')",
        ],
    ),
    row(
        "bytes",
        "VARBYTE(64000)",
        false,
        &["''", "'\\x00'", "'\\x00ff27222c0a0d5c'", "decode(repeat('ab', 64000), 'hex')"],
    ),
    row(
        "shape",
        "GEOMETRY",
        false,
        &[
            "'0101000020E6100000000000000000F03F0000000000000040'",
            "'01010000000000000000000000000000000000F0BF'",
        ],
    ),
    row("place", "GEOGRAPHY", false, &["'0101000020E6100000000000000000F03F0000000000000040'"]),
    row(
        "sketch",
        "HLLSKETCH",
        false,
        &["'{\"logm\":15,\"sparse\":{\"indices\":[4878,9559,14523],\"values\":[1,2,1]}}'", "'ABAABA=='"],
    ),
];

impl Row {
    fn fill(&self) -> String {
        let values: Vec<String> = self
            .values
            .iter()
            .enumerate()
            .map(|(at, value)| format!("({at}, {value}{})", self.cast()))
            .collect();
        format!("INSERT INTO {SCHEMA}.{} VALUES (-1, NULL), {}", self.table, values.join(", "))
    }

    /// Types that the backend has under other names.
    fn cast(&self) -> &'static str {
        match self.table {
            "bytes" => "::bytea::redshift_catalog.varbyte",
            "document" => "::redshift_catalog.super",
            _ => "",
        }
    }

    /// The values in order: as text where the stand-in keeps a text and nothing else.
    fn compare(&self) -> String {
        let value = if ["shape", "place", "sketch"].contains(&self.table) { "v::text" } else { "v" };
        format!("SELECT id, {value} FROM {SCHEMA}.{} ORDER BY id", self.table)
    }
}

async fn moved(source: Kind, target: Kind) -> Result<()> {
    let mut pair = Pair::start(source, target).await?;
    let tables: Vec<String> = ROWS
        .iter()
        .map(|row| format!("CREATE TABLE {SCHEMA}.{} (id INTEGER, v {})", row.table, row.data_type))
        .collect();
    pair.run(&tables.join(";")).await?;
    for row in ROWS {
        pair.source.behind.batch_execute(&row.fill()).await.with_context(|| row.fill())?;
    }
    let catalog = pair.source.catalog().await?;
    for row in ROWS {
        let table = name(row.table);
        let definition = &catalog.tables[&table];
        for parquet in [true, false] {
            let unloaded = pair.unload(&table, definition, parquet).await.with_context(|| row.data_type)?;
            assert_eq!(unloaded.format == Format::Parquet, row.parquet && parquet, "{}", row.data_type);
            // The second load replaces what the first has loaded.
            let rows = pair.load(&table, definition, &unloaded).await.with_context(|| row.data_type)?;
            assert_eq!(rows.loaded, Some(row.values.len() as u64 + 1), "{}", row.data_type);
            pair.equal(&row.compare()).await?;
        }
    }
    pair.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_value_arrives_from_a_cluster_at_a_workgroup() -> Result<()> {
    Box::pin(moved(Kind::Provisioned, Kind::Serverless)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_value_arrives_from_a_workgroup_at_a_cluster() -> Result<()> {
    Box::pin(moved(Kind::Serverless, Kind::Provisioned)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn names_order_and_identities_do_not_matter() -> Result<()> {
    let mut pair = Pair::start(Kind::Provisioned, Kind::Serverless).await?;
    // The same columns in another order, a longer text, another column with a default or that counts by itself, and seeds past the
    // values, of both kinds in one table, too.
    pair.source
        .run(&format!(
            "CREATE TABLE {SCHEMA}.odd (\"a b\" INTEGER, \"c\"\"d\" REAL, \"é.$\" VARCHAR(3), i BIGINT IDENTITY(1, 1));
             CREATE TABLE {SCHEMA}.given (i BIGINT GENERATED BY DEFAULT AS IDENTITY(1, 1), s SUPER);
             CREATE TABLE {SCHEMA}.both (i BIGINT IDENTITY, d BIGINT GENERATED BY DEFAULT AS IDENTITY, n INTEGER);
             INSERT INTO {SCHEMA}.both (n) VALUES (1); INSERT INTO {SCHEMA}.both (d, n) VALUES (900, 2);
             INSERT INTO {SCHEMA}.odd (\"a b\", \"c\"\"d\", \"é.$\") VALUES (1, 0.1, ''), (2, NULL, NULL);
             INSERT INTO {SCHEMA}.given (s) VALUES (NULL), (JSON_PARSE('null'))"
        ))
        .await?;
    pair.target
        .run(&format!(
            "CREATE TABLE {SCHEMA}.odd (i BIGINT IDENTITY(1000, 1), more INTEGER NOT NULL DEFAULT 7, \"é.$\" VARCHAR(9),
             \"c\"\"d\" REAL, \"a b\" INTEGER);
             CREATE TABLE {SCHEMA}.given (made BIGINT IDENTITY(1, 1), i BIGINT GENERATED BY DEFAULT AS IDENTITY(1000, 1), s SUPER);
             CREATE TABLE {SCHEMA}.both (n INTEGER, d BIGINT GENERATED BY DEFAULT AS IDENTITY(901, 1), i BIGINT IDENTITY(3, 1))"
        ))
        .await?;
    for (table, compare) in [
        ("odd", format!("SELECT \"a b\", \"c\"\"d\", \"é.$\"::text, i FROM {SCHEMA}.odd ORDER BY 1")),
        ("given", format!("SELECT i, s FROM {SCHEMA}.given ORDER BY 1")),
        ("both", format!("SELECT i, d, n FROM {SCHEMA}.both ORDER BY 1")),
    ] {
        let table = name(table);
        let definition = pair.definition(&table).await?;
        for parquet in [true, false] {
            let unloaded = pair.unload(&table, &definition, parquet).await?;
            pair.load(&table, &definition, &unloaded).await?;
            pair.equal(&compare).await?;
        }
    }
    pair.stop().await
}

//! Values of every type come back as they were, in every format that holds them; what a format does not hold is refused.

use anyhow::Result;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::stage::{Stage, refusal, spectrum_detail};

/// Every type that a table may have.
const COLUMNS: &str =
    "id bigint IDENTITY(1, 1), small smallint, middle integer, exact numeric(18, 4), single real,
    float8 double precision, flag boolean, fixed char(5), text varchar(400), day date, moment timestamp,
    instant timestamptz, clock time, clock_zone timetz, document super, bytes varbyte(20)";

/// Values that break naive CSV.
const ROWS: &str = r#"
    INSERT INTO every_type
        (small, middle, exact, single, float8, flag, fixed, text, day, moment, instant, clock, clock_zone, document, bytes)
    VALUES
        (-32768, 2147483647, 99999999999999.9999, 0.25, 0.1, true, 'ab', '', '2024-02-29', '2024-02-29 23:59:59.123456',
         '2024-02-29 23:59:59+02', '23:59:59.5', '23:59:59+02', JSON_PARSE('{"a": [1, null, "x,y\\"z"], "b": {"c": {}}}'),
         FROM_HEX('00ff27')),
        (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, JSON_PARSE('null'), NULL),
        (0, 0, 0, 'NaN', 'Infinity', false, '', 'a "quoted", text
with lines\rand\ttabs, a \\ and an ''apostrophe'' and \\N', '0001-01-01', '9999-12-31', '1970-01-01', '00:00:00', '00:00:00+00',
         JSON_PARSE('"null-5f1e,"'), FROM_HEX('00')),
        (1, 1, 1, 1, 1, true, 'x', ' äöü 日本語 🎉 ', NULL, NULL, NULL, NULL, NULL, JSON_PARSE('[]'), FROM_HEX('2c22'));
"#;

/// The types that Parquet holds in both directions.
const PARQUET_COLUMNS: &str = "small, middle, exact, single, float8, flag, fixed, text, day, moment";

#[tokio::test]
async fn a_table_of_every_type_comes_back_equal() -> Result<()> {
    let stage = Stage::set("types").await?;
    stage.client.batch_execute(&format!("CREATE TABLE every_type ({COLUMNS}) DISTSTYLE EVEN")).await?;
    stage.client.batch_execute(ROWS).await?;
    // Redshift writes floats with 15 digits unless asked for all (r_UNLOAD, "Loss of floating-point precision").
    stage.client.batch_execute("SET extra_float_digits TO 2").await?;
    for compression in ["", "GZIP", "ZSTD"] {
        let (table, prefix) = (format!("loaded{compression}"), format!("t{compression}/"));
        stage.client.batch_execute(&format!("CREATE TABLE {table} ({COLUMNS})")).await?;
        stage.unload("SELECT * FROM every_type", &prefix, &format!("{compression} MANIFEST VERBOSE")).await?;
        let options = format!("{compression} MANIFEST EXPLICIT_IDS COMPUPDATE OFF STATUPDATE ON");
        stage.copy(&table, &format!("{prefix}manifest"), &options).await?;
        assert_eq!(stage.row("SELECT pg_last_copy_count()").await?, [Some("4".to_owned())]);
        assert_eq!(stage.differences("every_type", &table).await?, "0", "{compression}");
        assert_eq!(stage.rows_of(&table).await?, "4");
    }
    let endings = [".gz", ".zst"].map(|ending| format!("0000_part_00{ending}"));
    assert!(
        stage.keys().await?.iter().filter(|key| endings.iter().any(|end| key.ends_with(end))).count() == 2
    );
    stage.warehouse.stop().await
}

#[tokio::test]
async fn parquet_brings_back_what_it_holds() -> Result<()> {
    let stage = Stage::set("parquet").await?;
    stage.client.batch_execute(&format!("CREATE TABLE every_type ({COLUMNS})")).await?;
    stage.client.batch_execute(ROWS).await?;
    for table in ["source", "loaded"] {
        let from = if table == "source" { "every_type" } else { "source" };
        let sql = format!("CREATE TABLE {table} AS SELECT {PARQUET_COLUMNS} FROM {from}");
        stage.client.batch_execute(&sql).await?;
    }
    stage.client.batch_execute("TRUNCATE loaded").await?;
    stage.unload("SELECT * FROM source", "p/", "PARQUET MANIFEST VERBOSE").await?;
    assert_eq!(stage.keys().await?, ["p/0000_part_00.parquet", "p/0001_part_00.parquet", "p/manifest"]);
    let manifest: serde_json::Value = serde_json::from_str(&stage.get("p/manifest").await?)?;
    assert_eq!(manifest["meta"]["record_count"], 4);
    assert_eq!(manifest["schema"]["elements"][2]["type"]["scale"], 4);
    stage.copy("loaded", "p/manifest", "PARQUET MANIFEST STATUPDATE ON").await?;
    assert_eq!(stage.row("SELECT pg_last_copy_count()").await?, [Some("4".to_owned())]);
    assert_eq!(stage.differences("source", "loaded").await?, "0");
    // By order and number, not by name; the slice without rows writes no file.
    stage.client.batch_execute("CREATE TABLE named (b varchar(400), a integer)").await?;
    stage.unload("SELECT text, middle FROM source WHERE small = 1", "n/", "PARQUET").await?;
    stage.copy("named (b, a)", "n/", "PARQUET").await?;
    assert_eq!(
        stage.behind("SELECT a, b FROM public.named").await?,
        [Some("1".to_owned()), Some(" äöü 日本語 🎉 ".to_owned())]
    );
    assert!(!stage.keys().await?.contains(&"n/0001_part_00.parquet".to_owned()));
    stage.warehouse.stop().await
}

#[tokio::test]
async fn parquet_is_held_to_the_tables_columns() -> Result<()> {
    let stage = Stage::set("schema").await?;
    stage
        .client
        .batch_execute(
            "CREATE TABLE wide (a bigint); CREATE TABLE two (a integer, b integer); CREATE TABLE short (a varchar(2));
             CREATE TABLE required (a integer NOT NULL); CREATE TABLE scaled (a numeric(10, 3));
             CREATE TABLE zoned (a timestamptz); CREATE TABLE document (a super)",
        )
        .await?;
    stage.unload("SELECT 1::integer AS x", "i/", "PARQUET").await?;
    stage.unload("SELECT 'abc'::varchar(3) AS x", "v/", "PARQUET").await?;
    stage.unload("SELECT NULL::integer AS x", "null/", "PARQUET").await?;
    stage.unload("SELECT 1::numeric(10, 2) AS x", "n/", "PARQUET").await?;
    stage.unload("SELECT '2024-01-01 12:00+02'::timestamptz AS x", "z/", "PARQUET").await?;
    stage.put("text", "1\n").await?;
    let incompatible = |column: &str| format!("Column type: {column}, Parquet schema:");
    let length = "is longer than the length defined in the table".to_owned();
    let columns =
        "Unmatched number of columns between table and file. Table columns: 2, Data columns: 1".to_owned();
    for (table, key, expected) in [
        ("wide", "i/", incompatible("BIGINT")),
        ("scaled", "n/", incompatible("NUMERIC")),
        ("short", "i/", incompatible("CHARACTER VARYING")),
        ("short", "v/", length),
        ("two", "i/", columns),
        ("required", "null/", "is NULL in a NOT NULL column".to_owned()),
        ("wide", "text", "has no Parquet footer".to_owned()),
    ] {
        let detail = spectrum_detail(stage.copy(table, key, "PARQUET").await)?;
        assert!(detail.contains(&expected), "{table} {key}: {detail}");
        assert_eq!(stage.rows_of(table).await?, "0");
    }
    for (table, key, expected) in [
        ("zoned", "z/", "redshift-local: COPY of TIMESTAMP WITH TIME ZONE columns in Parquet"),
        ("document", "v/", "redshift-local: COPY of Parquet into a SUPER column without SERIALIZETOJSON"),
    ] {
        let (message, _) = refusal(stage.copy(table, key, "PARQUET").await)?;
        assert!(message.contains(expected), "{table} {key}: {message}");
        assert_eq!(stage.rows_of(table).await?, "0");
    }
    for (query, expected) in [
        ("SELECT FROM_HEX('00') AS x", "VARBYTE columns can only be unloaded to text or CSV"),
        ("SELECT '12:00'::time AS x", "redshift-local: UNLOAD of TIME WITHOUT TIME ZONE columns in Parquet"),
    ] {
        assert!(
            refusal(stage.unload(query, "refused/", "PARQUET").await)?.0.starts_with(expected),
            "{query}"
        );
    }
    stage.warehouse.stop().await
}

#[tokio::test]
async fn super_goes_through_parquet_as_json_and_timestamptz_loses_its_zone() -> Result<()> {
    let stage = Stage::set("json").await?;
    stage.client.batch_execute("CREATE TABLE t (a super); CREATE TABLE zone (a timestamp)").await?;
    let documents = r#"SELECT JSON_PARSE('{"a": [1, null, "x"]}') AS d UNION ALL SELECT NULL UNION ALL SELECT JSON_PARSE('null')"#;
    stage.unload(documents, "d/", "PARQUET").await?;
    stage.copy("t", "d/", "PARQUET SERIALIZETOJSON").await?;
    // No page says that JSON null is kept, so that nobody may count on it.
    assert_eq!(
        stage.behind("SELECT count(*), count(a), max(a::json::text) FROM public.t").await?,
        ["3", "1", r#"{"a":[1,null,"x"]}"#].map(|text| Some(text.to_owned()))
    );
    stage.unload("SELECT '2024-01-01 12:00:00.000001+02'::timestamptz AS x", "z/", "PARQUET").await?;
    stage.copy("zone", "z/", "PARQUET").await?;
    assert_eq!(
        stage.behind("SELECT a FROM public.zone").await?,
        [Some("2024-01-01 10:00:00.000001".to_owned())]
    );
    stage.warehouse.stop().await
}

/// One row of values, as SQL.
fn row() -> impl Strategy<Value = String> {
    let digits = |count| proptest::string::string_regex(&format!("-?[0-9]{{1,{count}}}")).expect("a pattern");
    let quoted = |text: String| format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
    let moment = (1_i32..9999, 1..13, 1..29, 0..24, 0..60, 0..60, 0..1_000_000).prop_map(
        |(year, month, day, hour, minute, second, micro)| {
            format!("'{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{micro:06}'")
        },
    );
    let null = |strategy: BoxedStrategy<String>| {
        proptest::option::weighted(0.9, strategy).prop_map(|value| value.unwrap_or_else(|| "NULL".to_owned()))
    };
    (
        null(any::<i16>().prop_map(|number| number.to_string()).boxed()),
        null(any::<i64>().prop_map(|number| format!("'{number}'")).boxed()),
        null(digits(38).boxed()),
        null(
            (digits(20), 0_u64..1_000_000_000_000)
                .prop_map(|(whole, part)| format!("{whole}.{part:018}"))
                .boxed(),
        ),
        null(any::<f32>().prop_map(|number| format!("'{number}'")).boxed()),
        null(any::<f64>().prop_map(|number| format!("'{number}'")).boxed()),
        null(any::<bool>().prop_map(|flag| flag.to_string()).boxed()),
        null("[a-z ]{0,5}".prop_map(quoted).boxed()),
        null("[^\0]{0,30}".prop_map(quoted).boxed()),
        null(moment.boxed()),
    )
        .prop_map(|(a, b, c, d, e, f, g, h, i, j)| {
            format!("({a}, {b}, {c}, {d}, {e}, {f}, {g}, {h}, {i}, {j}, {j}::timestamp::date)")
        })
}

#[tokio::test]
async fn any_value_comes_back_in_every_format() -> Result<()> {
    let stage = Stage::set("values").await?;
    let columns = "a smallint, b bigint, c numeric(38, 0), d numeric(38, 18), e real, f double precision, g boolean, h char(5),
        i varchar(65535), j timestamp, k date";
    stage.client.batch_execute(&format!("CREATE TABLE source ({columns})")).await?;
    stage.client.batch_execute("SET extra_float_digits TO 2").await?;
    let mut runner = TestRunner::deterministic();
    let rows: Vec<String> = (0..300)
        .map(|_| row().new_tree(&mut runner).map(|tree| tree.current()))
        .collect::<Result<_, _>>()
        .expect("values");
    let extremes = format!(
        "(-32768, '-9223372036854775808', -{nines}, -99999999999999999999.{part}, '-0', '-0', false, '', repeat('é', 32767) || 'x',
          '0001-01-01', '0001-01-01'),
         (32767, '9223372036854775807', {nines}, 99999999999999999999.{part}, 'NaN', '-Infinity', true, 'abcde', '\\\\N', \
          '9999-12-31 23:59:59.999999', '9999-12-31')",
        nines = "9".repeat(38),
        part = "9".repeat(18),
    );
    let values = [rows.join(", "), extremes].join(", ");
    let insert = format!(
        "WITH made AS (INSERT INTO public.source VALUES {values} RETURNING 1) SELECT count(*) FROM made"
    );
    assert_eq!(stage.behind(&insert).await?, [Some("302".to_owned())]);
    // CSV has too few digits for a REAL (r_extra_float_digits).
    let digits = "SELECT a, b, c, d, CAST(e AS DOUBLE PRECISION), f, g, h, i, j, k FROM source";
    for (table, options, query) in [("csv", "ZSTD", digits), ("parquet", "PARQUET", "SELECT * FROM source")] {
        stage.client.batch_execute(&format!("CREATE TABLE {table}_loaded ({columns})")).await?;
        stage.unload(query, &format!("{table}/"), options).await?;
        stage.copy(&format!("{table}_loaded"), &format!("{table}/"), options).await?;
        assert_eq!(stage.differences("source", &format!("{table}_loaded")).await?, "0", "{table}");
    }
    stage.warehouse.stop().await
}

#[tokio::test]
async fn a_file_ends_at_its_largest_size() -> Result<()> {
    let stage = Stage::set("sizes").await?;
    stage
        .client
        .batch_execute("CREATE TABLE t (a integer, b varchar(65535)); CREATE TABLE u (LIKE t)")
        .await?;
    let fill = "WITH made AS (INSERT INTO public.t SELECT n, repeat(md5(n::text), 1000) FROM generate_series(1, 500) n RETURNING 1)
                SELECT count(*) FROM made";
    stage.behind(fill).await?;
    // 16 MB in files of at most 5 MB: two slices of two files each, or four files one after another.
    stage.unload("SELECT * FROM t", "on/", "MAXFILESIZE 5 MB MANIFEST VERBOSE").await?;
    stage.unload("SELECT * FROM t", "off/", "MAXFILESIZE 5 MB PARALLEL OFF").await?;
    let names = [
        "off/000",
        "off/001",
        "off/002",
        "off/003",
        "on/0000_part_00",
        "on/0000_part_01",
        "on/0001_part_00",
        "on/0001_part_01",
        "on/manifest",
    ];
    assert_eq!(stage.keys().await?, names);
    let manifest: serde_json::Value = serde_json::from_str(&stage.get("on/manifest").await?)?;
    for entry in manifest["entries"].as_array().expect("entries") {
        assert!(entry["meta"]["content_length"].as_u64() <= Some(5 * 1024 * 1024), "{entry}");
    }
    stage.copy("u", "on/manifest", "MANIFEST").await?;
    assert_eq!(stage.differences("t", "u").await?, "0");
    stage.warehouse.stop().await
}

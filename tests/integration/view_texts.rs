//! A view's text creates it again: what PostgreSQL got in other words is shown in Redshift's (`PG_GET_VIEWDEF`, `r_SHOW_VIEW`).

use anyhow::Result;
use migration_tests::answer::value;
use migration_tests::warehouse::TestWarehouse;
use tokio_postgres::{Client, SimpleQueryMessage};

/// What the views stand on.
const TABLES: &str = r#"
    CREATE TABLE t (id INT, name VARCHAR(40), amount NUMERIC(10, 2), day DATE, at TIMESTAMP, doc SUPER, "Odd Name" SUPER);
    INSERT INTO t SELECT 1, 'it''s = ANY (ARRAY[1])', 1.5, '2020-01-31', '2020-01-31 10:00:00',
        JSON_PARSE('{"items": [{"k": 1, "tags": ["x", "y"]}, {"k": 2, "tags": []}], "who": "ann"}'), JSON_PARSE('[[1, 2], [3]]');
    INSERT INTO t SELECT 2, 'b\\c', NULL, '2020-02-29', NULL, JSON_PARSE('{"who": 7}'), JSON_PARSE('"none"');
    INSERT INTO t SELECT 3, NULL, 4, NULL, '2021-03-01 00:00:00', NULL, NULL;
"#;

const QUERIES: [&str; 15] = [
    "SELECT id, NVL(name, 'none') AS n, NVL2(amount, 'a', 'b') AS a, DECODE(name, 'b\\\\c', 1, NULL, 2, 3) AS d FROM t",
    "SELECT id, name IN ('b\\\\c', 'it''s = ANY (ARRAY[1])') AS i, id NOT IN (1, 2) AS o, id IN (SELECT 1) AS s FROM t",
    "SELECT id, name SIMILAR TO '%(b|c)%' AS s, name NOT SIMILAR TO 'b%' AS n, name LIKE 'b%' AS l, name ILIKE 'IT%' AS i FROM t",
    "SELECT id, DATEADD(month, 1, day) AS a, DATEDIFF(hour, day, at) AS d, DATE_PART(dow, day) AS p, DATE_TRUNC('month', day) AS m FROM t",
    "SELECT id, ADD_MONTHS(day, 1) AS a, LAST_DAY(at) AS l, SYSDATE > day AS p, day + INTERVAL '1 day' AS i, CURRENT_DATE - day > 0 AS c FROM t",
    "SELECT TOP 2 id, CONVERT(VARCHAR(3), amount) || '%' AS c, amount::INT AS r, LEN(name) AS n FROM t ORDER BY id DESC",
    "SELECT COUNT(*) AS n, LISTAGG(name, ' ORDER BY (') WITHIN GROUP (ORDER BY LEN(name), id DESC) AS l, LISTAGG(DISTINCT id) AS d FROM t",
    "SELECT APPROXIMATE COUNT(DISTINCT name) AS c, MEDIAN(amount) AS m, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY id) AS p FROM t",
    "SELECT id, RATIO_TO_REPORT(id) OVER (PARTITION BY name) AS r, ROW_NUMBER() OVER (ORDER BY id DESC) AS n FROM t",
    "SELECT JSON_EXTRACT_PATH_TEXT(JSON_SERIALIZE(doc), 'who') AS w, REGEXP_SUBSTR(name, '[a-z]+') AS r, SPLIT_PART(name, ' ', 1) AS s FROM t",
    "SELECT x.doc.items[1].k, x.doc.who::VARCHAR AS who, x.\"Odd Name\"[0][1] AS o FROM t AS x WHERE x.doc.who <> 8",
    "SELECT x.id, i.k, tag, place FROM t x, x.doc.items i, i.tags AS tag AT place WHERE i.k = 1",
    "SELECT a.id, b.id AS other FROM t a, t b WHERE a.doc.who = b.doc.who AND a.doc.items[0].k=b.doc.items[0].k",
    "SELECT inner_one, e FROM t x, x.\"Odd Name\" AS inner_one, inner_one AS e",
    "WITH w AS (SELECT id FROM t MINUS SELECT 3) SELECT w.id, CASE WHEN w.id = 1 THEN 'x' END AS c FROM w JOIN t USING (id)",
];

/// The rows of a query, sorted: each column's name and text.
async fn rows(client: &Client, sql: &str) -> Result<Vec<Vec<(String, Option<String>)>>> {
    let messages = client.simple_query(sql).await?;
    let mut rows: Vec<_> = messages
        .iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        })
        .map(|row| {
            let columns = row.columns().iter().enumerate();
            columns.map(|(at, column)| (column.name().to_owned(), row.get(at).map(str::to_owned))).collect()
        })
        .collect();
    rows.sort();
    Ok(rows)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_made_again_from_its_text_holds_the_same_rows() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let client = warehouse.connect().await?;
    client.simple_query(TABLES).await?;
    for query in QUERIES {
        client.simple_query(&format!("CREATE VIEW v AS {query}")).await?;
        let text = value(&client, "SELECT pg_get_viewdef('v')").await?;
        for internal in
            ["redshift_catalog", "rs_", "ARRAY[", "sysdate()", "LATERAL", "similar_to_escape", "@&"]
        {
            let outside = text.replace("'it''s = ANY (ARRAY[1])'", "");
            assert!(!outside.contains(internal), "{internal} in\n{text}");
        }
        client.simple_query(&format!("CREATE VIEW w AS {text}")).await?;
        let found = rows(&client, "SELECT * FROM v").await?;
        assert!(!found.is_empty(), "{query}");
        assert_eq!(rows(&client, "SELECT * FROM w").await?, found, "{text}");
        assert_eq!(rows(&client, query).await?, found, "{query}");
        client.simple_query("DROP VIEW v; DROP VIEW w").await?;
    }
    warehouse.stop().await
}

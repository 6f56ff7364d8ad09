//! What the rows of a table come to, column by column, in one query (`r_FNV_HASH`, `r_SUM`).

use super::Sql;
use crate::catalog::Column;
use crate::name::QualifiedName;
use crate::transfer::DataType;

/// What NULL counts as: an odd number like any hash, so that NULL is neither '' nor 0.
const NULL_HASH: i64 = -7_046_029_254_386_353_131;

/// How many bytes of a binary value are hashed at once: as hexadecimal digits they are a VARCHAR of at most 65,535
/// (`r_Character_types`).
const PIECE: u32 = 32_767;

/// How many hashes are nested into each other: a table has up to 1,600 columns, and an expression of that depth may be refused.
const CHAIN: usize = 40;

/// Asks what the rows of a table come to: the sum of the hashes of its rows in column `of_rows`, and of each column's values in columns
/// `c1`, `c2`, …, in the order given.
///
/// A sum does not depend on the order of rows and needs no key. FNV_HASH takes the bytes of a value of any basic type, so that it is
/// the same on both kinds of warehouse, for the same type: `columns` are the source's on either side. Its 64 bits are added up as
/// DECIMAL(38, 0), which 10^19 rows do not overflow. Of a binary value over 64 KB the first and the last 32 KB and the length count.
///
/// The sums of the columns tell where rows differ, and do not see values that were exchanged between rows. A row's hash does: it is that of
/// a chain over the hashes of its values. The hash around the chain matters, since the later bytes of FNV-1a act on the seed's low 8 bits
/// alone: of 4,000,000 random exchanges the sum of bare chains missed 1 in 254, and with the outer hash none.
pub fn fingerprint(table: &QualifiedName, columns: &[Column]) -> Sql {
    let hashes: Vec<String> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let (name, hash) = (&column.name, hash_of(column));
            format!("CASE WHEN {name} IS NULL THEN {NULL_HASH} ELSE {hash} END AS h{}", at + 1)
        })
        .collect();
    let names: Vec<String> = (1..=columns.len()).map(|at| format!("h{at}")).collect();
    let sums: Vec<String> =
        names.iter().enumerate().map(|(at, name)| format!("{} AS c{}", sum(name), at + 1)).collect();
    Sql::rendered(format!(
        "SELECT\n    {} AS of_rows,\n    {}\nFROM (\n    SELECT\n        {}\n    FROM {table}\n) AS hashes",
        sum(&format!("FNV_HASH({})", chain(&names))),
        sums.join(",\n    "),
        hashes.join(",\n        "),
    ))
}

fn sum(hash: &str) -> String {
    format!("COALESCE(SUM(CAST({hash} AS DECIMAL(38, 0))), 0)")
}

/// The hash of hashes, each with that of those before as its seed (`r_FNV_HASH`); of many, the hash of such chains.
fn chain(hashes: &[String]) -> String {
    if hashes.len() > CHAIN {
        let chains: Vec<String> = hashes.chunks(CHAIN).map(chain).collect();
        return chain(&chains);
    }
    let mut chained = String::new();
    for hash in hashes {
        chained = if chained.is_empty() {
            format!("FNV_HASH({hash})")
        } else {
            format!("FNV_HASH({hash}, {chained})")
        };
    }
    chained
}

fn hash_of(column: &Column) -> String {
    let name = &column.name;
    match DataType::of(&column.data_type) {
        // The blanks that fill it up do not count (r_Character_types), and FNV_HASH counts them.
        Some(DataType::Char) => format!("FNV_HASH(RTRIM({name}))"),
        // A target may hold a longer VARCHAR, whose values are hashed alike.
        Some(DataType::Super) => hash_of_bytes(&format!("JSON_SERIALIZE_TO_VARBYTE({name})")),
        Some(DataType::VarByte) => hash_of_bytes(&name.to_string()),
        Some(DataType::Geometry) => hash_of_bytes(&format!("ST_AsEWKB({name})")),
        // ST_AsEWKB is described for GEOMETRY alone, and ST_AsHexEWKB gives no more than 64 KB (ST_AsEWKB-function, ST_AsHexEWKB-function);
        // the one type is cast to the other (geospatial-overview).
        Some(DataType::Geography) => hash_of_bytes(&format!("ST_AsEWKB(CAST({name} AS GEOMETRY))")),
        Some(DataType::HllSketch) => format!("FNV_HASH(HLL_CARDINALITY({name}))"),
        Some(DataType::Interval) => format!("FNV_HASH(CAST({name} AS VARCHAR))"),
        Some(
            DataType::SmallInt
            | DataType::Integer
            | DataType::BigInt
            | DataType::Decimal
            | DataType::Real
            | DataType::DoublePrecision
            | DataType::Boolean
            | DataType::VarChar
            | DataType::Date
            | DataType::Timestamp
            | DataType::TimestampTz
            | DataType::Time
            | DataType::TimeTz,
        )
        | None => format!("FNV_HASH({name})"),
    }
}

/// The last piece's hash begins with the first one's, and that with the length (`r_FNV_HASH`, seed).
fn hash_of_bytes(value: &str) -> String {
    let first =
        format!("FNV_HASH(TO_HEX(SUBSTRING({value}, 1, {PIECE})), CAST(OCTET_LENGTH({value}) AS BIGINT))");
    let last = format!("SUBSTRING({value}, GREATEST(OCTET_LENGTH({value}) - {}, 1), {PIECE})", PIECE - 1);
    format!("FNV_HASH(TO_HEX({last}), {first})")
}

#[cfg(test)]
mod tests {
    use super::super::samples::{column, qualified};
    use super::*;

    #[test]
    fn a_sum_of_the_rows_and_one_a_column() {
        let columns = [
            column("a", "integer"),
            column("b", "character(3)"),
            column("c", "hllsketch"),
            column("d", "super"),
            column("e", "geometry"),
        ];
        insta::assert_snapshot!(fingerprint(&qualified("s", "t"), &columns), @r#"
        SELECT
            COALESCE(SUM(CAST(FNV_HASH(FNV_HASH(h5, FNV_HASH(h4, FNV_HASH(h3, FNV_HASH(h2, FNV_HASH(h1)))))) AS DECIMAL(38, 0))), 0) AS of_rows,
            COALESCE(SUM(CAST(h1 AS DECIMAL(38, 0))), 0) AS c1,
            COALESCE(SUM(CAST(h2 AS DECIMAL(38, 0))), 0) AS c2,
            COALESCE(SUM(CAST(h3 AS DECIMAL(38, 0))), 0) AS c3,
            COALESCE(SUM(CAST(h4 AS DECIMAL(38, 0))), 0) AS c4,
            COALESCE(SUM(CAST(h5 AS DECIMAL(38, 0))), 0) AS c5
        FROM (
            SELECT
                CASE WHEN "a" IS NULL THEN -7046029254386353131 ELSE FNV_HASH("a") END AS h1,
                CASE WHEN "b" IS NULL THEN -7046029254386353131 ELSE FNV_HASH(RTRIM("b")) END AS h2,
                CASE WHEN "c" IS NULL THEN -7046029254386353131 ELSE FNV_HASH(HLL_CARDINALITY("c")) END AS h3,
                CASE WHEN "d" IS NULL THEN -7046029254386353131 ELSE FNV_HASH(TO_HEX(SUBSTRING(JSON_SERIALIZE_TO_VARBYTE("d"), GREATEST(OCTET_LENGTH(JSON_SERIALIZE_TO_VARBYTE("d")) - 32766, 1), 32767)), FNV_HASH(TO_HEX(SUBSTRING(JSON_SERIALIZE_TO_VARBYTE("d"), 1, 32767)), CAST(OCTET_LENGTH(JSON_SERIALIZE_TO_VARBYTE("d")) AS BIGINT))) END AS h4,
                CASE WHEN "e" IS NULL THEN -7046029254386353131 ELSE FNV_HASH(TO_HEX(SUBSTRING(ST_AsEWKB("e"), GREATEST(OCTET_LENGTH(ST_AsEWKB("e")) - 32766, 1), 32767)), FNV_HASH(TO_HEX(SUBSTRING(ST_AsEWKB("e"), 1, 32767)), CAST(OCTET_LENGTH(ST_AsEWKB("e")) AS BIGINT))) END AS h5
            FROM "s"."t"
        ) AS hashes
        "#);
    }

    #[test]
    fn no_expression_of_many_columns_is_deep() {
        let columns: Vec<Column> = (0..1600).map(|_| column("a", "integer")).collect();
        let sql = fingerprint(&qualified("s", "t"), &columns);
        let (mut depth, mut deepest) = (0_i32, 0);
        for sign in sql.as_str().chars() {
            depth += i32::from(sign == '(') - i32::from(sign == ')');
            deepest = deepest.max(depth);
        }
        assert!(deepest < 100 && depth == 0, "{deepest}");
        assert!((1..=1600).all(|at| sql.as_str().contains(&format!("FNV_HASH(h{at}"))));
    }
}

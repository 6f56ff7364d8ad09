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

/// Asks for the sum of the hashes of each column's values, in columns `c1`, `c2`, …, in the order given.
///
/// A sum does not depend on the order of rows and needs no key. FNV_HASH takes the bytes of a value of any basic type, so that it is
/// the same on both kinds of warehouse, for the same type: `columns` are the source's on either side. Its 64 bits are added up as
/// DECIMAL(38, 0), which 10^19 rows do not overflow. Of a binary value over 64 KB the first and the last 32 KB and the length count.
pub fn fingerprint(table: &QualifiedName, columns: &[Column]) -> Sql {
    let sums: Vec<String> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let (name, hash) = (&column.name, hash_of(column));
            format!(
                "COALESCE(SUM(CAST(CASE WHEN {name} IS NULL THEN {NULL_HASH} ELSE {hash} END AS DECIMAL(38, 0))), 0) AS c{}",
                at + 1
            )
        })
        .collect();
    Sql::rendered(format!("SELECT\n    {}\nFROM {table}", sums.join(",\n    ")))
}

fn hash_of(column: &Column) -> String {
    let name = &column.name;
    match DataType::of(&column.data_type) {
        // The blanks that fill it up do not count (r_Character_types), and FNV_HASH counts them.
        Some(DataType::Char) => format!("FNV_HASH(RTRIM({name}))"),
        // A target may hold a longer VARCHAR, whose values are hashed alike.
        Some(DataType::Super) => hash_of_bytes(&format!("JSON_SERIALIZE_TO_VARBYTE({name})")),
        Some(DataType::VarByte) => hash_of_bytes(&name.to_string()),
        Some(DataType::Geometry | DataType::Geography) => hash_of_bytes(&format!("ST_AsEWKB({name})")),
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
    fn one_sum_a_column() {
        let columns = [
            column("a", "integer"),
            column("b", "character(3)"),
            column("c", "hllsketch"),
            column("d", "super"),
            column("e", "geometry"),
        ];
        insta::assert_snapshot!(fingerprint(&qualified("s", "t"), &columns), @r#"
        SELECT
            COALESCE(SUM(CAST(CASE WHEN "a" IS NULL THEN -7046029254386353131 ELSE FNV_HASH("a") END AS DECIMAL(38, 0))), 0) AS c1,
            COALESCE(SUM(CAST(CASE WHEN "b" IS NULL THEN -7046029254386353131 ELSE FNV_HASH(RTRIM("b")) END AS DECIMAL(38, 0))), 0) AS c2,
            COALESCE(SUM(CAST(CASE WHEN "c" IS NULL THEN -7046029254386353131 ELSE FNV_HASH(HLL_CARDINALITY("c")) END AS DECIMAL(38, 0))), 0) AS c3,
            COALESCE(SUM(CAST(CASE WHEN "d" IS NULL THEN -7046029254386353131 ELSE FNV_HASH(TO_HEX(SUBSTRING(JSON_SERIALIZE_TO_VARBYTE("d"), GREATEST(OCTET_LENGTH(JSON_SERIALIZE_TO_VARBYTE("d")) - 32766, 1), 32767)), FNV_HASH(TO_HEX(SUBSTRING(JSON_SERIALIZE_TO_VARBYTE("d"), 1, 32767)), CAST(OCTET_LENGTH(JSON_SERIALIZE_TO_VARBYTE("d")) AS BIGINT))) END AS DECIMAL(38, 0))), 0) AS c4,
            COALESCE(SUM(CAST(CASE WHEN "e" IS NULL THEN -7046029254386353131 ELSE FNV_HASH(TO_HEX(SUBSTRING(ST_AsEWKB("e"), GREATEST(OCTET_LENGTH(ST_AsEWKB("e")) - 32766, 1), 32767)), FNV_HASH(TO_HEX(SUBSTRING(ST_AsEWKB("e"), 1, 32767)), CAST(OCTET_LENGTH(ST_AsEWKB("e")) AS BIGINT))) END AS DECIMAL(38, 0))), 0) AS c5
        FROM "s"."t"
        "#);
    }
}

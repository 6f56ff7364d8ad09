//! How each type of Redshift's travels, and which AWS page says so: the one place that decides it. The README's table of types is
//! this one.
//!
//! CSV carries every type that is named here: COPY turns the text of a field into the type of its column
//! (`copy-parameters-data-conversion`). Parquet is half the time and a sixth of the space (`r_UNLOAD`), and is used for the types
//! of which a page says that both UNLOAD and COPY know them there: what COPY reads is what Redshift Spectrum reads
//! (`copy-usage_notes-copy-from-columnar`, `r_CREATE_EXTERNAL_TABLE`). Where a page is silent the answer is CSV.

/// A type of a table's column, without its dimensions (`c_Supported_data_types`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is the type of the same name")]
pub enum DataType {
    SmallInt,
    Integer,
    BigInt,
    Decimal,
    Real,
    DoublePrecision,
    Boolean,
    Char,
    VarChar,
    Date,
    Timestamp,
    TimestampTz,
    Time,
    TimeTz,
    Interval,
    Super,
    VarByte,
    Geometry,
    Geography,
    HllSketch,
}

/// How the values of a type travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carriage {
    /// The type's name in Redshift's documentation.
    pub name: &'static str,
    /// Whether Parquet carries every value.
    pub parquet: bool,
    /// What becomes of the values in files, and why Parquet is not for them.
    pub how: &'static str,
    /// The AWS pages that say so.
    pub pages: &'static str,
}

impl DataType {
    /// All of them, in the order of the README.
    pub const ALL: [Self; 20] = [
        Self::SmallInt,
        Self::Integer,
        Self::BigInt,
        Self::Decimal,
        Self::Real,
        Self::DoublePrecision,
        Self::Boolean,
        Self::Char,
        Self::VarChar,
        Self::Date,
        Self::Timestamp,
        Self::TimestampTz,
        Self::Time,
        Self::TimeTz,
        Self::Interval,
        Self::Super,
        Self::VarByte,
        Self::Geometry,
        Self::Geography,
        Self::HllSketch,
    ];

    /// The type that `format_type` prints so; none for one of the catalog's own, which no page says how to move.
    pub fn of(printed: &str) -> Option<Self> {
        let base = printed.split('(').next().unwrap_or_default().trim().to_ascii_lowercase();
        // The dimensions of a time may stand inside: time(6) without time zone.
        let zoned = printed.ends_with("with time zone");
        Some(match base.as_str() {
            "smallint" => Self::SmallInt,
            "integer" => Self::Integer,
            "bigint" => Self::BigInt,
            "numeric" | "decimal" => Self::Decimal,
            "real" => Self::Real,
            "double precision" => Self::DoublePrecision,
            "boolean" => Self::Boolean,
            "character" => Self::Char,
            "character varying" => Self::VarChar,
            "date" => Self::Date,
            "timestamp" | "timestamp without time zone" if !zoned => Self::Timestamp,
            "timestamp" | "timestamp with time zone" => Self::TimestampTz,
            "time" | "time without time zone" if !zoned => Self::Time,
            "time" | "time with time zone" => Self::TimeTz,
            name if is_interval(name) => Self::Interval,
            "super" => Self::Super,
            "binary varying" | "varbyte" => Self::VarByte,
            "geometry" => Self::Geometry,
            "geography" => Self::Geography,
            "hllsketch" => Self::HllSketch,
            _ => return None,
        })
    }

    /// A type as a statement may say it, from what `format_type` prints: it may print the names that intervals have within Redshift.
    pub fn sql_name(printed: &str) -> String {
        let (base, rest) = printed.split_once('(').map_or((printed, None), |(base, rest)| (base, Some(rest)));
        let base = match base.trim().to_ascii_lowercase().as_str() {
            "intervaly2m" => "interval year to month",
            "intervald2s" => "interval day to second",
            _ => base,
        };
        rest.map_or_else(|| base.to_owned(), |rest| format!("{base}({rest}"))
    }

    /// How its values travel.
    pub fn carriage(self) -> Carriage {
        let row = |name, parquet, how, pages| Carriage { name, parquet, how, pages };
        let known = "r_UNLOAD, r_CREATE_EXTERNAL_TABLE";
        match self {
            Self::SmallInt => row("SMALLINT", true, "the number", known),
            Self::Integer => row("INTEGER", true, "the number", known),
            Self::BigInt => row("BIGINT", true, "the number", known),
            Self::Decimal => row("DECIMAL", true, "all of its up to 38 digits", known),
            Self::Real => row(
                "REAL",
                true,
                "its bits; in CSV as DOUBLE PRECISION, since a REAL is written with 8 digits at most and some need 9",
                "r_extra_float_digits",
            ),
            Self::DoublePrecision => row(
                "DOUBLE PRECISION",
                true,
                "its bits; in CSV with 17 digits, which tell all of them apart, NaN and infinity as words: no page says \
                 that UNLOAD heeds the setting, and --VERIFY checksum tells if it does not",
                "r_extra_float_digits",
            ),
            Self::Boolean => row("BOOLEAN", true, "true, false or NULL", known),
            Self::Char => {
                row("CHAR", true, "the text; the blanks that fill it up do not count", "r_Character_types")
            }
            Self::VarChar => row(
                "VARCHAR",
                true,
                "the text, to the byte; '' and NULL are two things, as CSV has a word of its own for NULL",
                "r_Character_types, copy-parameters-data-conversion",
            ),
            Self::Date => row("DATE", true, "the day", known),
            Self::Timestamp => row("TIMESTAMP", true, "the moment, to the microsecond", known),
            Self::TimestampTz => row(
                "TIMESTAMPTZ",
                false,
                "the moment, as of UTC and with its offset; Parquet would leave out the zone",
                "r_UNLOAD",
            ),
            Self::Time => {
                row("TIME", false, "the time; Redshift Spectrum does not read it", "r_CREATE_EXTERNAL_TABLE")
            }
            Self::TimeTz => row(
                "TIMETZ",
                false,
                "the time with its offset; Redshift Spectrum does not read it",
                "r_CREATE_EXTERNAL_TABLE",
            ),
            Self::Interval => row(
                "INTERVAL",
                false,
                "its text; Redshift Spectrum does not read it",
                "r_interval_data_types, r_CREATE_EXTERNAL_TABLE",
            ),
            Self::Super => row(
                "SUPER",
                false,
                "JSON; NULL goes as a number made for the table alone, since either format writes NULL and JSON null alike",
                "r_UNLOAD, unload-super",
            ),
            Self::VarByte => row(
                "VARBYTE",
                false,
                "hexadecimal digits; a value without bytes goes as a random one, since COPY loads an empty field as NULL; it cannot be unloaded to Parquet",
                "r_UNLOAD, copy-usage-varbyte, copy-parameters-data-conversion",
            ),
            Self::Geometry => row(
                "GEOMETRY",
                false,
                "hexadecimal EWKB of at most 4 MB; it cannot be unloaded to Parquet",
                "r_UNLOAD, copy-usage_notes-spatial-data",
            ),
            Self::Geography => row(
                "GEOGRAPHY",
                false,
                "hexadecimal EWKB of at most 4 MB; Parquet as GEOMETRY",
                "copy-usage_notes-spatial-data",
            ),
            Self::HllSketch => row(
                "HLLSKETCH",
                false,
                "JSON or Base64, as it is kept; it cannot be unloaded to Parquet",
                "r_UNLOAD, r_HLLSKTECH_type",
            ),
        }
    }
}

/// Whether a name is an interval's, with a qualifier of `r_interval_data_types` or without, or the one within Redshift that AWS's JDBC
/// driver knows.
fn is_interval(name: &str) -> bool {
    let Some(qualifier) = name.strip_prefix("interval") else { return false };
    let units = ["year", "month", "day", "hour", "minute", "second"];
    let is_unit = |unit: &str| units.contains(&unit.trim());
    match qualifier.trim().split_once(" to ") {
        Some((from, to)) => is_unit(from) && is_unit(to),
        None => ["", "y2m", "d2s"].contains(&qualifier) || qualifier.starts_with(' ') && is_unit(qualifier),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_known_by_what_the_catalog_prints() {
        for (printed, expected) in [
            ("numeric(38,37)", Some(DataType::Decimal)),
            ("character(1)", Some(DataType::Char)),
            ("character varying(65535)", Some(DataType::VarChar)),
            ("timestamp without time zone", Some(DataType::Timestamp)),
            ("timestamp(6) with time zone", Some(DataType::TimestampTz)),
            ("time(6) without time zone", Some(DataType::Time)),
            ("time with time zone", Some(DataType::TimeTz)),
            ("interval day to second(6)", Some(DataType::Interval)),
            ("interval year", Some(DataType::Interval)),
            ("interval hour to minute", Some(DataType::Interval)),
            ("intervaly2m", Some(DataType::Interval)),
            ("intervald2s(6)", Some(DataType::Interval)),
            ("intervals", None),
            ("interval fortnight", None),
            ("binary varying(64000)", Some(DataType::VarByte)),
            ("SUPER", Some(DataType::Super)),
            ("oid", None),
            ("text[]", None),
            ("\"char\"", None),
        ] {
            assert_eq!(DataType::of(printed), expected, "{printed}");
        }
    }

    #[test]
    fn statements_say_the_names_of_the_documentation() {
        for (printed, said) in [
            ("intervaly2m", "interval year to month"),
            ("intervald2s(3)", "interval day to second(3)"),
            ("interval day to second(3)", "interval day to second(3)"),
            ("numeric(38,2)", "numeric(38,2)"),
            ("time(6) without time zone", "time(6) without time zone"),
        ] {
            assert_eq!(DataType::sql_name(printed), said);
        }
    }

    #[test]
    fn the_readme_has_this_table() {
        let readme = include_str!("../../../../README.md");
        for carriage in DataType::ALL.map(DataType::carriage) {
            let Carriage { name, parquet, how, pages } = carriage;
            let format = if parquet { "Parquet" } else { "CSV" };
            let row = format!("| {name} | {format} | {how} | {pages} |");
            assert!(readme.contains(&row), "the README lacks: {row}");
        }
    }
}

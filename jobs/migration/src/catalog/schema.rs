//! Schemas: those that hold objects of their own, and those that show what lies elsewhere.

use crate::name::Identifier;
use serde_json::Value;
use std::collections::BTreeMap;

/// A schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// Who owns it.
    pub owner: Identifier,
    /// Whether its objects are its own.
    pub kind: SchemaKind,
}

/// Local or external.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaKind {
    /// It holds tables, views and routines (`r_CREATE_SCHEMA`).
    Local {
        /// QUOTA in megabytes; none for UNLIMITED.
        quota_mb: Option<u32>,
    },
    /// It shows what lies elsewhere and holds nothing (`r_CREATE_EXTERNAL_SCHEMA`).
    External(ExternalSchema),
}

impl SchemaKind {
    /// A local schema without a quota.
    pub const UNLIMITED: Self = Self::Local { quota_mb: None };
}

/// Where an external schema finds what it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalSchema {
    /// The kind of place.
    pub source: ExternalSource,
    /// DATABASE; none where the place has no databases, as a stream has none.
    pub database: Option<String>,
    /// The other options by their keywords, as the catalog keeps them; never a password, which is in a secret.
    pub options: BTreeMap<String, String>,
}

/// The kinds of place that an external schema may show (`r_SVV_EXTERNAL_SCHEMAS`, `eskind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named as in r_CREATE_EXTERNAL_SCHEMA, after FROM")]
pub enum ExternalSource {
    DataCatalog,
    HiveMetastore,
    Postgres,
    /// Another database of the same warehouse.
    LocalRedshift,
    /// A database of another warehouse, by way of a datashare.
    RemoteRedshift,
    MySql,
    Kinesis,
    Kafka,
    /// A kind that this version does not know, by its number.
    Unknown(i16),
}

impl ExternalSource {
    /// The kind of this number in `eskind`.
    pub fn from_number(number: i16) -> Self {
        match number {
            1 => Self::DataCatalog,
            2 => Self::HiveMetastore,
            3 => Self::Postgres,
            4 => Self::LocalRedshift,
            5 => Self::RemoteRedshift,
            8 => Self::MySql,
            9 => Self::Kinesis,
            10 => Self::Kafka,
            other => Self::Unknown(other),
        }
    }

    /// The words after FROM; none for a kind that this version does not know.
    pub fn keywords(self) -> Option<&'static str> {
        match self {
            Self::DataCatalog => Some("DATA CATALOG"),
            Self::HiveMetastore => Some("HIVE METASTORE"),
            Self::Postgres => Some("POSTGRES"),
            Self::LocalRedshift | Self::RemoteRedshift => Some("REDSHIFT"),
            Self::MySql => Some("MYSQL"),
            Self::Kinesis => Some("KINESIS"),
            Self::Kafka => Some("KAFKA"),
            Self::Unknown(_) => None,
        }
    }
}

impl ExternalSchema {
    /// Reads `esoptions`, as in `{"IAM_ROLE":"arn:…","PORT":9083}`; none where it is not such an object.
    pub fn parse_options(json: &str) -> Option<BTreeMap<String, String>> {
        if json.trim().is_empty() {
            return Some(BTreeMap::new());
        }
        let options: BTreeMap<String, Value> = serde_json::from_str(json).ok()?;
        let text = |(option, value): (String, Value)| match value {
            Value::String(text) => Some((option, text)),
            Value::Number(number) => Some((option, number.to_string())),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        options.into_iter().map(text).collect()
    }

    /// Whether an option names something of one AWS account, such as a role or a secret, that another account's warehouse
    /// cannot or should not use.
    pub fn is_bound_to_an_account(&self) -> bool {
        self.options.iter().any(|(option, value)| option == "CATALOG_ID" || value.contains("arn:"))
    }

    /// Whether it is read with the IAM role that is the warehouse's default.
    pub fn takes_default_role(&self) -> bool {
        self.options.get("IAM_ROLE").is_some_and(|role| role.eq_ignore_ascii_case("default"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_texts_and_numbers() {
        let options = ExternalSchema::parse_options(r#"{"IAM_ROLE":"arn:aws:iam::1:role/r","PORT":9083}"#);
        let options = options.unwrap();
        assert_eq!(
            (options["IAM_ROLE"].as_str(), options["PORT"].as_str()),
            ("arn:aws:iam::1:role/r", "9083")
        );
        assert_eq!(ExternalSchema::parse_options(""), Some(BTreeMap::new()));
        for refused in [r#"{"PORT":[1]}"#, r#"{"PORT":null}"#, "IAM_ROLE"] {
            assert_eq!(ExternalSchema::parse_options(refused), None, "{refused}");
        }
    }

    #[test]
    fn a_role_or_a_secret_binds_to_an_account() {
        let schema = |options: &[(&str, &str)]| ExternalSchema {
            source: ExternalSource::DataCatalog,
            database: None,
            options: options.iter().map(|(option, value)| ((*option).into(), (*value).into())).collect(),
        };
        assert!(!schema(&[("IAM_ROLE", "default"), ("REGION", "eu-west-1")]).is_bound_to_an_account());
        assert!(schema(&[("IAM_ROLE", "arn:aws:iam::1:role/r")]).is_bound_to_an_account());
        assert!(schema(&[("CATALOG_ID", "123456789012")]).is_bound_to_an_account());
    }

    #[test]
    fn kinds_have_the_numbers_of_the_catalog() {
        for number in [1, 2, 3, 4, 5, 8, 9, 10] {
            assert!(ExternalSource::from_number(number).keywords().is_some(), "{number}");
        }
        assert_eq!(ExternalSource::from_number(6).keywords(), None);
    }
}

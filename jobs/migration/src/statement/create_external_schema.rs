//! CREATE EXTERNAL SCHEMA (`r_CREATE_EXTERNAL_SCHEMA`).

use super::Sql;
use crate::catalog::ExternalSchema;
use crate::name::{Identifier, Literal};
use std::fmt::Write;

/// The options after DATABASE in the order of the page, and how the value of each is written.
const OPTIONS: [(&str, Value); 11] = [
    ("SCHEMA", Value::Text),
    ("REGION", Value::Text),
    ("IAM_ROLE", Value::TextOrDefault),
    ("AUTHENTICATION", Value::OneOf(&["none", "iam", "mtls"])),
    ("AUTHENTICATION_ARN", Value::Text),
    ("SECRET_ARN", Value::Text),
    ("URI", Value::Text),
    ("PORT", Value::Number),
    ("CLUSTER_ARN", Value::Text),
    ("CATALOG_ROLE", Value::Text),
    ("CATALOG_ID", Value::Text),
];

#[derive(Clone, Copy)]
enum Value {
    Text,
    TextOrDefault,
    OneOf(&'static [&'static str]),
    Number,
}

impl Value {
    /// The value as it stands in the statement; none where it is not of this form.
    fn render(self, value: &str) -> Option<String> {
        match self {
            Self::TextOrDefault if value.eq_ignore_ascii_case("default") => Some("default".to_owned()),
            Self::Text | Self::TextOrDefault => Some(Literal::text(value).to_string()),
            Self::OneOf(words) => {
                words.iter().find(|word| value.eq_ignore_ascii_case(word)).map(|word| (*word).to_owned())
            }
            Self::Number => value.parse().ok().map(|number: u16| number.to_string()),
        }
    }
}

/// Creates an external schema, which belongs to whoever runs the statement; none where the catalog says of it what this
/// version cannot write.
pub fn create_external_schema(name: &Identifier, schema: &ExternalSchema) -> Option<Sql> {
    let mut sql = format!("CREATE EXTERNAL SCHEMA {name} FROM {}", schema.source.keywords()?);
    if let Some(database) = &schema.database {
        write!(sql, " DATABASE {}", Literal::text(database)).expect("writing to a String cannot fail");
    }
    let mut written = 0;
    for (option, form) in OPTIONS {
        if let Some(value) = schema.options.get(option) {
            write!(sql, " {option} {}", form.render(value)?).expect("writing to a String cannot fail");
            written += 1;
        }
    }
    (written == schema.options.len()).then(|| Sql::rendered(sql))
}

#[cfg(test)]
mod tests {
    use super::super::samples::id;
    use super::*;
    use crate::catalog::ExternalSource;

    fn schema(source: ExternalSource, options: &[(&str, &str)]) -> ExternalSchema {
        let options = options.iter().map(|(option, value)| ((*option).into(), (*value).into())).collect();
        ExternalSchema { source, database: Some("d'b".into()), options }
    }

    #[test]
    fn writes_every_option_or_nothing() {
        let catalog =
            schema(ExternalSource::DataCatalog, &[("REGION", "eu-west-1"), ("IAM_ROLE", "default")]);
        insta::assert_snapshot!(
            create_external_schema(&id("s"), &catalog).unwrap(),
            @r#"CREATE EXTERNAL SCHEMA "s" FROM DATA CATALOG DATABASE 'd''b' REGION 'eu-west-1' IAM_ROLE default"#
        );
        let role = "arn:aws:iam::123456789012:role/r";
        let hive = schema(
            ExternalSource::HiveMetastore,
            &[("IAM_ROLE", role), ("PORT", "9083"), ("URI", "10.0.0.1")],
        );
        insta::assert_snapshot!(
            create_external_schema(&id("s"), &hive).unwrap(),
            @r#"CREATE EXTERNAL SCHEMA "s" FROM HIVE METASTORE DATABASE 'd''b' IAM_ROLE 'arn:aws:iam::123456789012:role/r' URI '10.0.0.1' PORT 9083"#
        );
        let stream = ExternalSchema {
            database: None,
            ..schema(ExternalSource::Kafka, &[("AUTHENTICATION", "MTLS"), ("URI", "b-1:9094")])
        };
        insta::assert_snapshot!(
            create_external_schema(&id("s"), &stream).unwrap(),
            @r#"CREATE EXTERNAL SCHEMA "s" FROM KAFKA AUTHENTICATION mtls URI 'b-1:9094'"#
        );
        let unknown = schema(ExternalSource::DataCatalog, &[("FROBNICATE", "1")]);
        assert_eq!(create_external_schema(&id("s"), &unknown), None);
        let port = schema(ExternalSource::HiveMetastore, &[("PORT", "9083; DROP SCHEMA s")]);
        assert_eq!(create_external_schema(&id("s"), &port), None);
        assert_eq!(create_external_schema(&id("s"), &schema(ExternalSource::Unknown(6), &[])), None);
    }
}

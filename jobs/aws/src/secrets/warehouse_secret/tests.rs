//! Secrets as people and AWS write them.

use secrecy::{ExposeSecret, SecretString};

use super::{SslMode, WarehouseSecret};
use crate::AwsError;

fn parse(text: &str) -> Result<WarehouseSecret, AwsError> {
    let arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:source-AbCdEf".parse().unwrap();
    WarehouseSecret::parse(&arn, &SecretString::from(text))
}

#[test]
fn reads_what_secrets_manager_writes() {
    let secret = parse(
        r#"{"engine":"redshift","host":"c.abc.eu-central-1.redshift.amazonaws.com","username":"admin",
            "password":" p@ss'\"\\ ","dbname":"dev","port":"5440"}"#,
    )
    .unwrap();
    assert_eq!(secret.host, "c.abc.eu-central-1.redshift.amazonaws.com");
    assert_eq!((secret.port, secret.database.as_str(), secret.user.as_str()), (5440, "dev", "admin"));
    assert_eq!(secret.password.expose_secret(), " p@ss'\"\\ ");
    assert_eq!(secret.ssl_mode, SslMode::VerifyFull);
    assert_eq!((secret.cluster_identifier, secret.workgroup), (None, None));
}

#[test]
fn reads_the_other_spellings_in_any_letter_case() {
    let secret = parse(
        r#"{"HOSTNAME":"127.0.0.1","Database":"Dev","User":"Admin","PASS":"x","Port":5440,"SslMode":"verify-ca",
            "Cluster_Identifier":"c1"}"#,
    )
    .unwrap();
    assert_eq!((secret.host.as_str(), secret.port), ("127.0.0.1", 5440));
    assert_eq!((secret.database.as_str(), secret.user.as_str()), ("Dev", "Admin"));
    assert_eq!(secret.ssl_mode, SslMode::VerifyCa);
    assert_eq!(secret.cluster_identifier.as_deref(), Some("c1"));
    assert_eq!(parse(r#"{"host":"h","db":"d","user":"u","pass":"p"}"#).unwrap().port, 5439);
}

#[test]
fn the_same_value_under_two_names_is_no_fault() {
    assert_eq!(parse(r#"{"host":"h","db":"d","user":"u","username":"u","pass":"p"}"#).unwrap().user, "u");
}

#[test]
fn a_bad_secret_is_one_line_without_a_value() {
    let texts = [
        "Hunter2",
        r#"["Hunter2"]"#,
        r#"{"host":"Hunter2""#,
        r#"{"db":"Hunter2","user":"u","pass":"p"}"#,
        r#"{"host":"Hunter2:5439/dev","db":"d","user":"u","pass":"p"}"#,
        r#"{"host":{"x":"Hunter2"},"db":"d","user":"u","pass":"p"}"#,
        r#"{"host":"h","db":"d","user":"u","pass":"p","port":"Hunter2"}"#,
        r#"{"host":"h","db":"d","user":"u","pass":"p","port":70000}"#,
        r#"{"host":"h","db":"d","user":"","username":null,"pass":"Hunter2"}"#,
        r#"{"host":"h","db":"d","user":"u","username":"Hunter2","pass":"p"}"#,
        r#"{"host":"h","db":"d","user":"u","pass":2}"#,
        r#"{"host":"h","db":"d","user":"Hunter2"}"#,
        r#"{"host":"h","db":"d","user":"u","pass":"p","sslmode":"Hunter2"}"#,
    ];
    let mut lines = Vec::new();
    for text in texts {
        let message = parse(text).unwrap_err().to_string();
        assert!(!message.contains("Hunter2"), "{message}");
        assert_eq!(message.lines().count(), 1);
        lines.push(message);
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn nothing_of_it_shows_in_debug() {
    let secret = parse(r#"{"host":"Hunter2","db":"Hunter2","user":"Hunter2","pass":"Hunter2"}"#).unwrap();
    assert!(!format!("{secret:?}").contains("Hunter2"));
}

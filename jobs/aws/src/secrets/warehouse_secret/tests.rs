//! Secrets as people and AWS write them.

use secrecy::{ExposeSecret, SecretString};

use super::{Credentials, SslMode, WarehouseSecret};
use crate::AwsError;

fn parse(text: &str) -> Result<WarehouseSecret, AwsError> {
    let arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:source-AbCdEf".parse().unwrap();
    WarehouseSecret::parse(&arn, &SecretString::from(text))
}

/// The user and the password of a secret that has both.
fn login(secret: &WarehouseSecret) -> (&str, &str) {
    match &secret.credentials {
        Credentials::Password { user, password } => (user, password.expose_secret()),
        Credentials::Temporary { .. } => panic!("the password was not read"),
    }
}

#[test]
fn reads_what_secrets_manager_writes() {
    let secret = parse(
        r#"{"engine":"redshift","host":"c.abc.eu-central-1.redshift.amazonaws.com","username":"admin",
            "password":" p@ss'\"\\ ","dbname":"dev","port":"5440"}"#,
    )
    .unwrap();
    assert_eq!(secret.host, "c.abc.eu-central-1.redshift.amazonaws.com");
    assert_eq!((secret.port, secret.database.as_str()), (5440, "dev"));
    assert_eq!(login(&secret), ("admin", " p@ss'\"\\ "));
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
    assert_eq!((secret.database.as_str(), login(&secret).0), ("Dev", "Admin"));
    assert_eq!(secret.ssl_mode, SslMode::VerifyCa);
    assert_eq!(secret.cluster_identifier.as_deref(), Some("c1"));
    assert_eq!(parse(r#"{"host":"h","db":"d","user":"u","pass":"p"}"#).unwrap().port, 5439);
}

#[test]
fn the_same_value_under_two_names_is_no_fault() {
    let secret = parse(r#"{"host":"h","db":"d","user":"u","username":"u","pass":"p"}"#).unwrap();
    assert_eq!(login(&secret), ("u", "p"));
}

#[test]
fn without_a_password_credentials_are_temporary() {
    let of = |text| match parse(text).unwrap().credentials {
        Credentials::Temporary { user } => user,
        Credentials::Password { .. } => panic!("there is no password"),
    };
    assert_eq!(of(r#"{"host":"h","db":"d","user":"u"}"#).as_deref(), Some("u"));
    assert_eq!(of(r#"{"url":"jdbc:redshift:iam://h:5439/d"}"#), None);
}

#[test]
fn an_address_brings_port_and_database_along() {
    let of = |text: &str| parse(text).map(|secret| (secret.host, secret.port, secret.database));
    let expected = ("h".to_owned(), 5440, "d".to_owned());
    assert_eq!(of(r#"{"host":"h:5440/d","user":"u","pass":"p"}"#).unwrap(), expected);
    assert_eq!(
        of(r#"{"jdbc_url":"jdbc:redshift://h:5440/d","port":5440,"user":"u","pass":"p"}"#).unwrap(),
        expected
    );
    for text in [
        r#"{"host":"h:5440/d","port":5439,"user":"u","pass":"p"}"#,
        r#"{"host":"h:5440/d","db":"other","user":"u","pass":"p"}"#,
        r#"{"host":"h","user":"u","pass":"p"}"#,
        r#"{"host":"wg.123456789012.eu-west-1.redshift-serverless.amazonaws.com:5456/d","user":"u","pass":"p"}"#,
        r#"{"host":"jdbc:redshift:iam://h:5439/d","user":"u","pass":"p"}"#,
    ] {
        assert!(of(text).is_err(), "{text}");
    }
}

#[test]
fn a_bad_secret_is_one_line_without_a_value() {
    let texts = [
        "Hunter2",
        r#"["Hunter2"]"#,
        r#"{"host":"Hunter2""#,
        r#"{"db":"Hunter2","user":"u","pass":"p"}"#,
        r#"{"host":"Hunter2:dev/dev","db":"d","user":"u","pass":"p"}"#,
        r#"{"host":{"x":"Hunter2"},"db":"d","user":"u","pass":"p"}"#,
        r#"{"host":"h","db":"d","user":"u","pass":"p","port":"Hunter2"}"#,
        r#"{"host":"h","db":"d","user":"u","pass":"p","port":70000}"#,
        r#"{"host":"h","db":"d","user":"","username":null,"pass":"Hunter2"}"#,
        r#"{"host":"h","db":"d","user":"u","username":"Hunter2","pass":"p"}"#,
        r#"{"host":"h","db":"d","user":"u","pass":2}"#,
        r#"{"host":"h","db":"d","pass":"Hunter2"}"#,
        r#"{"host":"jdbc:redshift:iam://h:5439/d","user":"u","pass":"Hunter2"}"#,
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

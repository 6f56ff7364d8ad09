//! Secrets as people and AWS write them.

use secrecy::{ExposeSecret, SecretString};

use super::{Credentials, SslMode, WarehouseSecret};
use crate::AwsError;

fn parse(text: &str) -> Result<WarehouseSecret, AwsError> {
    parse_named("source", text)
}

fn parse_named(name: &str, text: &str) -> Result<WarehouseSecret, AwsError> {
    let arn = format!("arn:aws:secretsmanager:eu-central-1:123456789012:secret:{name}-AbCdEf");
    WarehouseSecret::parse(&arn.parse().unwrap(), &SecretString::from(text))
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
fn the_warehouse_is_named_as_the_tools_of_aws_name_it() {
    let of = |key: &str| {
        let secret = parse(&format!(r#"{{"host":"h","db":"d","user":"u","{key}":"x"}}"#)).unwrap();
        assert_eq!(secret.ignored_keys, [""; 0], "{key}");
        (secret.cluster_identifier.is_some(), secret.workgroup.is_some())
    };
    for key in ["dbClusterIdentifier", "clusterIdentifier", "cluster_identifier", "CLUSTER_IDENTIFIER"] {
        assert_eq!(of(key), (true, false), "{key}");
    }
    for key in ["workgroupName", "workgroup_name", "workgroup"] {
        assert_eq!(of(key), (false, true), "{key}");
    }
    for key in ["engine", "masterarn", "namespaceName"] {
        assert_eq!(of(key), (false, false), "{key}");
    }
    let two = r#"{"host":"h","db":"d","user":"u","dbClusterIdentifier":"x","cluster_identifier":"y"}"#;
    assert!(parse(two).is_err());
}

#[test]
fn keys_that_are_not_understood_are_named_without_what_they_hold() {
    let secret =
        parse(r#"{"host":"h","db":"d","user":"u","pass":"p","Work-Group":"Hunter2","a\nb":{"port":1}}"#);
    assert_eq!(secret.unwrap().ignored_keys, ["Work-Group", "a\\nb"]);
    let long = format!(r#"{{"host":"h","db":"d","user":"u","{}":1}}"#, "k".repeat(1000));
    assert_eq!(parse(&long).unwrap().ignored_keys, ["k".repeat(64)]);
}

#[test]
fn a_key_that_is_there_twice_is_refused() {
    let message = |text: &str| {
        parse(text).map(|_| ()).unwrap_err().to_string().split_once(" the field ").unwrap().1.to_owned()
    };
    for other in ["Hunter2", "p"] {
        let twice = format!(r#"{{"host":"h","db":"d","user":"u","pass":"p","port":1,"pass":"{other}"}}"#);
        assert_eq!(message(&twice), "pass is there twice; keep one of them");
    }
    assert!(parse(r#"{"host":"h","db":"d","user":"u","pass":"p","PASS":"p"}"#).is_ok());
    assert!(parse(r#"{"host":"h","db":"d","user":"u","tags":{"a":1},"more":{"a":1}}"#).is_ok());
}

#[test]
fn a_secret_that_redshift_manages_is_not_to_be_edited() {
    let bare = r#"{"username":"admin","password":"Hunter2"}"#;
    for (name, remedy) in [
        ("source", "add it: a secret is JSON with host, port, dbname, username and password"),
        (
            "redshift!dwh-admin",
            "create one of your own with host, port, dbname and the username of a superuser",
        ),
        (
            "sqlworkbench!1b2c",
            "create one of your own with host, port, dbname and the username of a superuser",
        ),
    ] {
        let message = parse_named(name, bare).unwrap_err().to_string();
        assert!(message.contains("the field host is missing; ") && message.contains(remedy), "{message}");
        assert!(!message.contains("Hunter2"), "{message}");
    }
    let whole = r#"{"host":"h","dbname":"d","username":"admin","password":"p"}"#;
    assert!(parse_named("redshift!dwh-admin", whole).is_ok(), "what it holds is not for us to say");
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

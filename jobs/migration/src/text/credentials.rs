//! Credentials that stand in texts of SQL, and texts without them.

use regex_lite::Regex;
use std::sync::LazyLock;

/// A literal behind a word that says that it is one: `copy-parameters-authorization`, `r_UNLOAD`, `r_CREATE_USER`. Quotes are doubled
/// where the literal lies in another.
static BEHIND_A_WORD: LazyLock<Regex> = LazyLock::new(|| {
    let words = "credentials|access_key_id|secret_access_key|session_token|master_symmetric_key|password";
    Regex::new(&format!(r"(?i)\b({words})\b((?:\s|=)*(?:\bas\b\s*)?(?:'\s*\|\|\s*)?)('+|\$\w*\$)[^'$]+"))
        .expect("a regular expression")
});

/// A part of a string of credentials, wherever that stands (`copy-parameters-authorization`), and an access key's id (`reference_identifiers`
/// of the IAM User Guide).
static PART: LazyLock<Regex> = LazyLock::new(|| {
    let parts = "aws_access_key_id|aws_secret_access_key|token|master_symmetric_key|aws_session_token";
    Regex::new(&format!(r"(?i)\b({parts})\s*=\s*[^';\s$]+")).expect("a regular expression")
});
static KEY_ID: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(AKIA|ASIA)[A-Z0-9]{12,}").expect("a regular expression"));

/// A text for people to read, with stars in the place of what may be a credential: keys, tokens, passwords.
pub(crate) fn without_credentials(sql: &str) -> String {
    let sql = BEHIND_A_WORD.replace_all(sql, "$1$2$3***");
    let sql = PART.replace_all(&sql, "$1=***");
    KEY_ID.replace_all(&sql, "$1***").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tokens_and_passwords_are_left_out_wherever_they_stand() {
        for text in [
            "UNLOAD ('SELECT 1') TO 's3://b/' CREDENTIALS 'aws_access_key_id=hidden;aws_secret_access_key=hidden'",
            "EXECUTE 'COPY t FROM ''s3://b/'' CREDENTIALS AS ''hidden''';",
            "COPY t FROM 's3://b/' ACCESS_KEY_ID 'hidden'\n SECRET_ACCESS_KEY\n 'hidden' session_token AS 'hidden'",
            "keys := 'aws_access_key_id=hidden;aws_secret_access_key=hidden;token=hidden';",
            "COPY t FROM 's3://b/' MASTER_SYMMETRIC_KEY 'hidden'",
            "CREATE USER u PASSWORD $q$hidden$q$",
            "EXECUTE 'ALTER USER u PASSWORD ' || 'hidden';",
        ] {
            let shown = without_credentials(text);
            assert!(!shown.contains("hidden") && shown.contains("***"), "{shown}");
        }
        assert_eq!(without_credentials("k := 'AKIAIOSFODNN7EXAMPLE';"), "k := 'AKIA***';");
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        for text in [
            "SELECT password, token FROM credentials WHERE a = 'b'",
            "UNLOAD ('SELECT 1') TO 's3://b/' IAM_ROLE 'arn:aws:iam::123456789012:role/r'",
            "UPDATE t SET password_hash = 'x'",
        ] {
            assert_eq!(without_credentials(text), text);
        }
    }
}

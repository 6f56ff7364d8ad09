//! SET and RESET (`r_SET`, `r_RESET`, `r_SET_SESSION_AUTHORIZATION`), and the assignments of ALTER USER … SET.

use super::cursor::Cursor;
use super::names::quote_identifier;
use super::principal::expect_user;
use super::{Effect, StatementError, Translation};
use crate::lexer::{Token, TokenKind};

/// The setting under which quoted names keep their case.
pub const CASE_SENSITIVE_SETTING: &str = "enable_case_sensitive_identifier";

/// Parameters that PostgreSQL knows, too.
const SHARED: [&str; 8] = [
    "application_name",
    "client_encoding",
    "datestyle",
    "extra_float_digits",
    "search_path",
    "statement_timeout",
    "timezone",
    "seed",
];

/// Parameters of Redshift's own (`cm_chap_ConfigurationRef`) with their defaults, which
/// `postgres.rs` sets; kept under the prefix `rs.`.
pub const REDSHIFT_PARAMETERS: [(&str, &str); 13] = [
    ("analyze_threshold_percent", "10"),
    ("cast_super_null_on_error", "on"),
    ("describe_field_name_in_uppercase", "off"),
    ("downcase_delimited_identifier", "on"),
    (CASE_SENSITIVE_SETTING, "off"),
    ("enable_case_sensitive_super_attribute", "off"),
    ("enable_numeric_rounding", "on"),
    ("enable_result_cache_for_session", "on"),
    ("json_serialization_enable", "off"),
    ("json_serialization_parse_nested_strings", "off"),
    ("mv_enable_aqmv_for_session", "on"),
    ("query_group", "unset"),
    ("wlm_query_slot_count", "1"),
];

/// What every search path ends in, unseen.
const TAIL: &str = "redshift_catalog, pg_catalog";

/// An assignment for PostgreSQL.
#[derive(Debug, PartialEq, Eq)]
pub struct Assignment {
    /// `parameter TO value`.
    pub sql: String,
    /// What it does to the session.
    pub effect: Effect,
}

/// SET [ SESSION | LOCAL ] parameter { TO | = } value, or SET SESSION AUTHORIZATION.
pub fn set(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("set")?;
    let mut after_scope = cursor.clone();
    if after_scope.take_word("session") && after_scope.take_words(&["session", "authorization"]) {
        return session_authorization(after_scope, "");
    }
    if cursor.take_words(&["session", "authorization"]) {
        return session_authorization(cursor, "");
    }
    if cursor.take_words(&["local", "session", "authorization"]) {
        return session_authorization(cursor, "LOCAL ");
    }
    let scope = match cursor.take_any_word(&["session", "local"]) {
        Some("local") => "LOCAL ",
        _ => "",
    };
    let assignment = assignment(&mut cursor)?;
    if !scope.is_empty() && assignment.effect != Effect::None {
        return Err(StatementError::unsupported(format!("SET LOCAL {CASE_SENSITIVE_SETTING}")));
    }
    Ok(Translation::of(format!("SET {scope}{}", assignment.sql)).with_effect(assignment.effect))
}

/// RESET { parameter | ALL }.
pub fn reset(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("reset")?;
    // r_RESET knows parameters and ALL; r_SET_SESSION_AUTHORIZATION ends with DEFAULT what it began.
    if cursor.at_word("session") {
        return Err(cursor.unexpected());
    }
    if cursor.at_word("all") {
        return Err(StatementError::unsupported("RESET ALL"));
    }
    let parameter = expect_parameter(&mut cursor)?;
    cursor.expect_end()?;
    let sets_case = parameter.ends_with(CASE_SENSITIVE_SETTING);
    let effect = if sets_case { Effect::SetsCaseSensitivity(None) } else { Effect::None };
    Ok(Translation::of(format!("RESET {parameter}")).with_effect(effect))
}

/// Takes `parameter { TO | = } value` up to the end.
pub fn assignment(cursor: &mut Cursor<'_, '_>) -> Result<Assignment, StatementError> {
    let parameter = expect_parameter(cursor)?;
    if !(cursor.take_operator("=") || cursor.take_word("to")) {
        return Err(cursor.unexpected());
    }
    let default = cursor.at_word("default");
    let mut values = vec![expect_value(cursor)?];
    while parameter == "search_path" && cursor.take_operator(",") {
        values.push(expect_value(cursor)?);
    }
    cursor.expect_end()?;
    let effect = if parameter.ends_with(CASE_SENSITIVE_SETTING) {
        let on = ["on", "true", "'on'", "'true'"].iter().any(|on| values[0].eq_ignore_ascii_case(on));
        values = vec![if on { "'on'" } else { "'off'" }.to_owned()];
        Effect::SetsCaseSensitivity(Some(on))
    } else {
        Effect::None
    };
    if parameter == "search_path" && !default {
        // It is searched whether it is said or not (r_search_path); here after redshift_catalog.
        values.retain(|value| !["pg_catalog", "'pg_catalog'", "\"pg_catalog\""].contains(&value.as_str()));
        values.push(TAIL.to_owned());
    }
    Ok(Assignment { sql: format!("{parameter} TO {}", values.join(", ")), effect })
}

/// Takes a parameter's name and gives PostgreSQL's. Fails for one that Redshift lacks.
pub fn expect_parameter(cursor: &mut Cursor<'_, '_>) -> Result<String, StatementError> {
    let name = cursor.expect_identifier()?.to_ascii_lowercase();
    if SHARED.contains(&name.as_str()) {
        Ok(name)
    } else if REDSHIFT_PARAMETERS.iter().any(|(known, _)| *known == name) {
        Ok(format!("rs.{name}"))
    } else {
        Err(StatementError::new("42704", format!("unrecognized configuration parameter \"{name}\"")))
    }
}

/// A word, a quoted name, a string or a number with or without a sign, as it was written.
fn expect_value(cursor: &mut Cursor<'_, '_>) -> Result<String, StatementError> {
    let sign = if cursor.take_operator("-") { "-" } else { "" };
    match cursor.next() {
        Some(token)
            if matches!(
                token.kind,
                TokenKind::Word | TokenKind::QuotedIdentifier | TokenKind::String | TokenKind::Number
            ) =>
        {
            Ok(format!("{sign}{}", token.text))
        }
        _ => Err(StatementError::new("42601", "syntax error: a value is missing")),
    }
}

fn session_authorization(mut cursor: Cursor<'_, '_>, scope: &str) -> Result<Translation, StatementError> {
    let user = if cursor.take_word("default") {
        "DEFAULT".to_owned()
    } else if let Some(name) = cursor.take_string() {
        quote_identifier(&name)
    } else {
        expect_user(&mut cursor)?.identifier()
    };
    cursor.expect_end()?;
    Ok(Translation::of(format!("SET {scope}SESSION AUTHORIZATION {user}")))
}

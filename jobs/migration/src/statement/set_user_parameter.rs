//! ALTER USER … SET (`r_ALTER_USER`).

use super::{Sql, column_list};
use crate::catalog::Setting;
use crate::name::{Identifier, Literal};

/// Gives a user the session parameter that it starts with on the source.
///
/// `search_path` is a list of identifiers, any other value a literal. None when the parameter's name is no
/// plain word or the path no list of identifiers: then the setting cannot be said again safely.
pub fn set_user_parameter(user: &Identifier, setting: &Setting) -> Option<Sql> {
    let parameter = setting.parameter.as_str();
    if !parameter.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return None;
    }
    let value = if parameter == "search_path" {
        column_list(&parse_identifiers(&setting.value)?)
    } else {
        Literal::text(setting.value.as_str()).to_string()
    };
    Some(Sql::rendered(format!("ALTER USER {user} SET {parameter} TO {value}")))
}

/// Reads `a, "B c"`: bare names as they stand, delimited ones with their quotes taken off.
fn parse_identifiers(list: &str) -> Option<Vec<Identifier>> {
    let mut names = Vec::new();
    let mut rest = list.trim_start();
    loop {
        let name = if let Some(quoted) = rest.strip_prefix('"') {
            let (name, after) = split_delimited(quoted)?;
            rest = after;
            name
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            rest = after;
            name.trim_end().to_owned()
        };
        names.push(Identifier::new(name).ok()?);
        rest = rest.trim_start();
        match rest.strip_prefix(',') {
            Some(after) => rest = after.trim_start(),
            None if rest.is_empty() => return Some(names),
            None => return None,
        }
    }
}

/// Splits what follows an opening quote into the name and what comes after its closing quote.
fn split_delimited(text: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut rest = text;
    loop {
        let quote = rest.find('"')?;
        name.push_str(&rest[..quote]);
        rest = &rest[quote + 1..];
        match rest.strip_prefix('"') {
            Some(after) => {
                name.push('"');
                rest = after;
            }
            None => return Some((name, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::id;
    use super::*;

    fn set(parameter: &str, value: &str) -> Option<String> {
        let setting = Setting { parameter: id(parameter), value: value.into() };
        set_user_parameter(&id("u"), &setting).map(|sql| sql.to_string())
    }

    #[test]
    fn a_search_path_is_a_list_and_nothing_else() {
        insta::assert_snapshot!(
            set("search_path", r#""$user", public, "a ""b"", c""#).unwrap(),
            @r#"ALTER USER "u" SET search_path TO "$user", "public", "a ""b"", c""#
        );
        assert_eq!(set("search_path", r#""a" ; DROP SCHEMA s"#), None);
        insta::assert_snapshot!(
            set("search_path", "a; DROP SCHEMA s").unwrap(),
            @r#"ALTER USER "u" SET search_path TO "a; DROP SCHEMA s""#
        );
    }

    #[test]
    fn other_values_are_literals() {
        insta::assert_snapshot!(set("query_group", "it's").unwrap(), @r#"ALTER USER "u" SET query_group TO 'it''s'"#);
        assert_eq!(set("x TO y; --", "1"), None);
    }
}

//! Row-level security and dynamic data masking (`r_CREATE_RLS_POLICY`, `r_CREATE_MASKING_POLICY` and their like). Policies
//! are kept, attached and listed by `sql/policies.sql`, and applied by `sql/guards.sql`.

use super::cursor::Cursor;
use super::names::{quote_array, quote_literal, quote_optional, quote_relation};
use super::principal::{Principal, expect_principal};
use super::{Names, StatementError, Translation, data_type, expression};
use crate::lexer::Token;
use crate::reference;

/// The path along which the names in a policy's expression are found: that of the session which writes it.
const SEARCH_PATH: &str = "pg_catalog.current_setting('search_path')";

/// CREATE { RLS | MASKING } POLICY name WITH ( column type, … ) [ [ AS ] alias ] USING ( expression ).
pub fn create(tokens: &[Token<'_>], names: &Names) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("create")?;
    let kind = expect_kind(&mut cursor)?;
    let masking = kind == "masking";
    let mut if_not_exists = masking && cursor.take_words(&["if", "not", "exists"]);
    let name = cursor.expect_identifier()?;
    // The page has had it in either place.
    if_not_exists |= masking && cursor.take_words(&["if", "not", "exists"]);
    let (mut columns, mut types, mut alias) = (Vec::new(), Vec::new(), None);
    if masking || cursor.at_word("with") {
        cursor.expect_word("with")?;
        for element in cursor.expect_list()? {
            let mut inner = Cursor::new(element);
            columns.push(inner.expect_identifier()?);
            types.push(data_type::expect(&mut inner)?);
            inner.expect_end()?;
        }
        if !masking && !cursor.at_word("using") {
            cursor.take_word("as");
            alias = Some(cursor.expect_identifier()?);
        }
    }
    let expression = expect_expression(&mut cursor)?;
    let values = expression.values(masking, names)?;
    let arguments = [
        quote_literal(kind),
        quote_literal(&name),
        if_not_exists.to_string(),
        quote_optional(alias.as_ref()),
        quote_array(&columns),
        quote_array(&types),
        quote_literal(&expression.text),
        quote_array(&values),
        SEARCH_PATH.to_owned(),
    ];
    Ok(call("rs_create_policy", &arguments).with_tag(tag("CREATE", kind)))
}

/// ALTER { RLS | MASKING } POLICY name USING ( expression ).
pub fn alter(tokens: &[Token<'_>], names: &Names) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("alter")?;
    let kind = expect_kind(&mut cursor)?;
    let name = quote_literal(&cursor.expect_identifier()?);
    let expression = expect_expression(&mut cursor)?;
    let values = quote_array(&expression.values(kind == "masking", names)?);
    let arguments =
        [quote_literal(kind), name, quote_literal(&expression.text), values, SEARCH_PATH.to_owned()];
    Ok(call("rs_alter_policy", &arguments).with_tag(tag("ALTER", kind)))
}

/// DROP RLS POLICY [ IF EXISTS ] name [ CASCADE | RESTRICT ], DROP MASKING POLICY name.
pub fn drop(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("drop")?;
    let kind = expect_kind(&mut cursor)?;
    let if_exists = kind == "rls" && cursor.take_words(&["if", "exists"]);
    let name = quote_literal(&cursor.expect_identifier()?);
    let behaviour =
        if kind == "rls" { cursor.take_any_word(&["cascade", "restrict"]).unwrap_or_default() } else { "" };
    cursor.expect_end()?;
    let cascade = (behaviour == "cascade").to_string();
    let arguments = [quote_literal(kind), name, if_exists.to_string(), cascade];
    Ok(call("rs_drop_policy", &arguments).with_tag(tag("DROP", kind)))
}

/// { ATTACH | DETACH } { RLS | MASKING } POLICY name ON [ TABLE ] relation … { TO | FROM } grantee ….
pub fn attach(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    let attaches = cursor.take_word("attach");
    if !attaches {
        cursor.expect_word("detach")?;
    }
    let kind = expect_kind(&mut cursor)?;
    let masking = kind == "masking";
    let policy = [quote_literal(kind), quote_literal(&cursor.expect_identifier()?)];
    cursor.expect_word("on")?;
    cursor.take_word("table");
    let mut relations = vec![cursor.expect_qualified_name()?];
    while !masking && cursor.take_operator(",") {
        relations.push(cursor.expect_qualified_name()?);
    }
    let outputs = if masking { cursor.expect_name_list()? } else { Vec::new() };
    let inputs = if masking && attaches && cursor.take_word("using") {
        cursor.expect_name_list()?
    } else {
        outputs.clone()
    };
    cursor.expect_word(if attaches { "to" } else { "from" })?;
    let mut grantees = vec![expect_grantee(&mut cursor)?];
    while !masking && cursor.take_operator(",") {
        grantees.push(expect_grantee(&mut cursor)?);
    }
    let priority =
        if masking && attaches && cursor.take_word("priority") { cursor.expect_integer()? } else { 0 };
    cursor.expect_end()?;
    let (function, verb) =
        if attaches { ("rs_attach_policy", "ATTACH") } else { ("rs_detach_policy", "DETACH") };
    let mut calls = relations.iter().flat_map(|relation| {
        let (policy, outputs, inputs) = (&policy, &outputs, &inputs);
        grantees.iter().map(move |grantee| {
            let mut arguments = policy.to_vec();
            arguments.extend([quote_relation(relation), grantee.literal(), quote_array(outputs)]);
            if attaches {
                arguments.extend([quote_array(inputs), priority.to_string()]);
            }
            call(function, &arguments).sql
        })
    });
    let first = calls.next().unwrap_or_default();
    Ok(Translation::of(first).then(calls.collect::<Vec<_>>()).with_tag(tag(verb, kind)))
}

/// … ROW LEVEL SECURITY { ON | OFF } [ CONJUNCTION TYPE { AND | OR } ] [ FOR DATASHARES ] of ALTER TABLE.
pub fn row_level_security(
    cursor: &mut Cursor<'_, '_>,
    relation: &str,
) -> Result<Translation, StatementError> {
    let Some(state) = cursor.take_any_word(&["on", "off"]) else { return Err(cursor.unexpected()) };
    let mut conjunction = None;
    if cursor.take_words(&["conjunction", "type"]) {
        let Some(word) = cursor.take_any_word(&["and", "or"]) else { return Err(cursor.unexpected()) };
        conjunction = Some(word.to_owned());
    }
    let for_datashares = cursor.take_words(&["for", "datashares"]);
    cursor.expect_end()?;
    let arguments = [
        quote_relation(relation),
        (state == "on").to_string(),
        quote_optional(conjunction.as_ref()),
        for_datashares.to_string(),
    ];
    Ok(call("rs_set_row_level_security", &arguments))
}

fn expect_kind(cursor: &mut Cursor<'_, '_>) -> Result<&'static str, StatementError> {
    let kind = cursor.take_any_word(&["rls", "masking"]).ok_or_else(|| cursor.unexpected())?;
    cursor.expect_word("policy").map(|()| kind)
}

/// What stands behind USING.
struct Expression<'t, 'a> {
    /// Its text as it was written.
    text: String,
    /// The value of an RLS policy, or of each column that a mask gives.
    values: Vec<&'t [Token<'a>]>,
}

impl Expression<'_, '_> {
    /// The values in PostgreSQL's words. As in a procedure, a name before a dot need be none that FROM gives: the alias is not.
    fn values(&self, masking: bool, names: &Names) -> Result<Vec<String>, StatementError> {
        if !masking && self.values.len() > 1 {
            return Err(StatementError::syntax("an RLS policy has one expression"));
        }
        self.values
            .iter()
            .map(|value| {
                reference::check_expression(value, names)?;
                Ok(expression::rewrite_in_procedure(value, names)?.trim().to_owned())
            })
            .collect()
    }
}

/// USING ( expression ), to the statement's end. A mask of several columns gives several values, with or without
/// parentheses of their own.
fn expect_expression<'t, 'a>(cursor: &mut Cursor<'t, 'a>) -> Result<Expression<'t, 'a>, StatementError> {
    cursor.expect_word("using")?;
    let whole: String = cursor.rest().iter().map(|token| token.text).collect();
    let mut values = cursor.expect_list()?;
    cursor.expect_end()?;
    if let [only] = values[..] {
        let mut inside = Cursor::new(only);
        if let Ok(list) = inside.expect_list()
            && inside.expect_end().is_ok()
            && list.len() > 1
        {
            values = list;
        }
    }
    let inside = whole.trim().strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    Ok(Expression { text: inside.unwrap_or_default().trim().to_owned(), values })
}

/// A user, a role or PUBLIC.
fn expect_grantee(cursor: &mut Cursor<'_, '_>) -> Result<Principal, StatementError> {
    if cursor.at_word("group") { Err(cursor.unexpected()) } else { expect_principal(cursor) }
}

fn call(procedure: &str, arguments: &[String]) -> Translation {
    Translation::of(format!("CALL redshift_catalog.{procedure}({})", arguments.join(", ")))
}

fn tag(verb: &str, kind: &str) -> &'static str {
    match (verb, kind) {
        ("CREATE", "rls") => "CREATE RLS POLICY",
        ("ALTER", "rls") => "ALTER RLS POLICY",
        ("DROP", "rls") => "DROP RLS POLICY",
        ("ATTACH", "rls") => "ATTACH RLS POLICY",
        ("DETACH", "rls") => "DETACH RLS POLICY",
        ("CREATE", _) => "CREATE MASKING POLICY",
        ("ALTER", _) => "ALTER MASKING POLICY",
        ("DROP", _) => "DROP MASKING POLICY",
        ("ATTACH", _) => "ATTACH MASKING POLICY",
        _ => "DETACH MASKING POLICY",
    }
}

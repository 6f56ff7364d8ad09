//! CALL (`r_CALL_procedure`): its arguments are the input arguments alone, while PostgreSQL wants a place for each OUT
//! argument, too. Where those stand depends on the procedure, so that the session looks it up.

use super::cursor::Cursor;
use super::names::quote_literal;
use super::{Names, StatementError, Translation, expression};
use crate::lexer::Token;

/// A CALL whose OUT arguments have no places yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    name: String,
    inputs: Vec<String>,
}

/// CALL name ( [ argument [, …] ] ). Queries are no arguments.
pub fn parse(tokens: &[Token<'_>], names: &Names) -> Result<Call, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("call")?;
    let name = cursor.expect_qualified_name()?;
    let arguments = cursor.expect_list()?;
    cursor.expect_end()?;
    let blank = |tokens: &[Token<'_>]| tokens.iter().all(|token| !token.is_significant());
    let inputs = match arguments.as_slice() {
        [only] if blank(only) => Vec::new(),
        arguments => arguments
            .iter()
            .map(|argument| {
                if argument.iter().any(|token| token.is_word("select")) {
                    return Err(StatementError::syntax("a query cannot be an argument of CALL"));
                }
                expression::rewrite(argument, names)
            })
            .collect::<Result<_, _>>()?,
    };
    Ok(Call { name, inputs })
}

impl Call {
    /// The query for the modes of the procedures that may be meant: a row each, a letter an argument.
    pub fn lookup(&self) -> String {
        format!(
            "SELECT redshift_catalog.rs_argument_modes({}, {})",
            quote_literal(&self.name),
            self.inputs.len()
        )
    }

    /// The CALL with its OUT arguments in place. An unknown procedure is left to PostgreSQL to refuse.
    pub fn placed(&self, modes: &[String]) -> Result<Translation, StatementError> {
        let arguments = match modes {
            [] => self.inputs.clone(),
            [modes] => {
                let mut inputs = self.inputs.iter();
                let place = |mode| if mode == 'o' { Some("NULL".to_owned()) } else { inputs.next().cloned() };
                modes.chars().filter_map(place).collect()
            }
            _ => {
                let what = format!("CALL of {} while its overloads differ in their OUT arguments", self.name);
                return Err(StatementError::unsupported(what));
            }
        };
        Ok(Translation::of(format!("CALL {}({})", self.name, arguments.join(", "))))
    }
}

//! Windows, and orders inside of calls (`c_Window_functions`): what PostgreSQL reads beyond Redshift's OVER ( … ) is refused.

use std::borrow::Cow;

use super::scan::is_keyword;
use super::table::{Ordering, window};
use crate::lexer::Token;
use crate::statement::{Cursor, StatementError};

/// Checks the windows and calls among these tokens, all of which are significant.
pub fn check(tokens: &[Token<'_>]) -> Result<(), StatementError> {
    let mut open: Vec<Parenthesis> = Vec::new();
    // Where the parenthesis that closes at a place was opened.
    let mut opened = vec![0; tokens.len()];
    for (at, token) in tokens.iter().enumerate() {
        let rest = &tokens[at..];
        if token.is_operator("(") {
            open.push(Parenthesis { at, ..Parenthesis::default() });
        } else if token.is_operator(")") {
            let Some(parenthesis) = open.pop() else { continue };
            opened[at] = parenthesis.at;
            parenthesis.check(tokens, &opened)?;
        } else if token.is_word("over") && at > 0 && tokens[at - 1].is_operator(")") {
            // A name would be that of a window of the WINDOW clause.
            check_beginning(&rest[1..])?;
        } else if token.is_word("window") && defines_window(&rest[1..]) {
            return Err(Cursor::new(rest).unexpected());
        } else if let Some(parenthesis) = open.last_mut() {
            parenthesis.is_query |= token.is_word("select");
            parenthesis.is_framed |= token.is_word("rows");
            if token.is_word("order") && rest.get(1).is_some_and(|next| next.is_word("by")) {
                parenthesis.order.get_or_insert(at);
            }
        }
    }
    Ok(())
}

/// What stands in parentheses, those inside left out.
#[derive(Debug, Default)]
struct Parenthesis {
    at: usize,
    is_query: bool,
    /// Where ORDER BY stands.
    order: Option<usize>,
    is_framed: bool,
}

impl Parenthesis {
    fn check(&self, tokens: &[Token<'_>], opened: &[usize]) -> Result<(), StatementError> {
        let Some(before) = self.at.checked_sub(1) else { return Ok(()) };
        if tokens[before].is_word("over") {
            let Some((function, is_ordered)) = called(tokens, opened, before) else { return Ok(()) };
            self.check_window(&function)?;
            if is_ordered {
                let title = function.to_uppercase();
                return Err(StatementError::unsupported(format!("{title} … WITHIN GROUP … OVER")));
            }
            return Ok(());
        }
        // r_LISTAGG and its like have their order behind the call, in WITHIN GROUP.
        match (self.order, tokens[before].identifier()) {
            (Some(order), Some(name)) if !self.is_query && !is_keyword(&name) => {
                Err(Cursor::new(&tokens[order..]).unexpected())
            }
            _ => Ok(()),
        }
    }

    /// Checks this as the window of a function.
    fn check_window(&self, function: &str) -> Result<(), StatementError> {
        let title = function.to_uppercase();
        match window(function) {
            None => {
                let message = format!(
                    "OVER specified, but {function} is not a window function nor an aggregate function"
                );
                Err(StatementError::new("42809", message))
            }
            Some(Ordering::Framed) if self.order.is_some() && !self.is_framed => {
                let message = "Aggregate window functions with an ORDER BY clause require a frame clause";
                Err(StatementError::new("42601", message))
            }
            Some(Ordering::Ordered) if self.is_framed => {
                Err(StatementError::unsupported(format!("a frame in the window of {title}")))
            }
            Some(Ordering::Unordered) if self.order.is_some() || self.is_framed => {
                let message = format!("the window of {title} takes neither ORDER BY nor a frame");
                Err(StatementError::new("42601", message))
            }
            Some(Ordering::Framed | Ordering::Ordered | Ordering::Unordered) => Ok(()),
        }
    }
}

/// The function whose OVER stands at `over`, in lower case, and whether WITHIN GROUP stands between.
fn called<'a>(tokens: &[Token<'a>], opened: &[usize], over: usize) -> Option<(Cow<'a, str>, bool)> {
    let mut name = opened[over.checked_sub(1)?].checked_sub(1)?;
    let is_ordered = tokens[name].is_word("group");
    if is_ordered {
        name = opened[name.checked_sub(2)?].checked_sub(1)?;
    }
    tokens[name].identifier().map(|name| (name, is_ordered))
}

/// The window behind OVER: in parentheses, and without the name of another window at its beginning.
fn check_beginning(window: &[Token<'_>]) -> Result<(), StatementError> {
    let mut cursor = Cursor::new(window);
    if !cursor.take_operator("(") {
        // Without a name it is the alias of what stands in the parentheses before.
        let name = cursor.peek().and_then(Token::identifier).filter(|name| !is_keyword(name));
        return if name.is_some() { Err(cursor.unexpected()) } else { Ok(()) };
    }
    let begins = ["partition", "order", "rows"].iter().any(|word| cursor.at_word(word));
    if begins || cursor.at_operator(")") { Ok(()) } else { Err(cursor.unexpected()) }
}

/// Whether a window's name and definition stand here: name AS ( … ).
fn defines_window(tokens: &[Token<'_>]) -> bool {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_identifier().is_ok() && cursor.take_word("as") && cursor.at_operator("(")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::tokenize;

    fn refused(sql: &str) -> String {
        let tokens: Vec<_> = tokenize(sql).unwrap().into_iter().filter(Token::is_significant).collect();
        check(&tokens).err().map(|error| error.message).unwrap_or_default()
    }

    #[test]
    fn an_aggregate_with_an_order_needs_a_frame() {
        let message = "Aggregate window functions with an ORDER BY clause require a frame clause";
        assert_eq!(refused("select sum(f(a)) over (partition by (b) order by c)"), message);
        assert_eq!(refused("select sum(a) over (order by c rows unbounded preceding), sum(a) over ()"), "");
        assert_eq!(
            refused("select rank() over (order by c), lag(a, 1) over (partition by b order by c)"),
            ""
        );
        // Neither the order nor the frame is the outer window's own.
        assert_eq!(
            refused("select rank() over (order by sum(sum(a)) over (order by b rows 1 preceding))"),
            ""
        );
        assert_eq!(
            refused("select sum(a) over (order by max(b) over (order by c rows 1 preceding))"),
            message
        );
        assert_eq!(refused("select a from (select b from t order by b) over"), "");
    }

    #[test]
    fn a_window_is_what_the_page_of_its_function_says() {
        let neither = "the window of MEDIAN takes neither ORDER BY nor a frame";
        assert_eq!(refused("select median(a) over (partition by b order by c)"), neither);
        let listagg = "the window of LISTAGG takes neither ORDER BY nor a frame";
        assert_eq!(refused("select listagg(a) within group (order by b) over (order by c)"), listagg);
        let percentile = "redshift-local: PERCENTILE_CONT … WITHIN GROUP … OVER is not supported";
        assert_eq!(refused("select percentile_cont(0.5) within group (order by b) over ()"), percentile);
        assert_eq!(
            refused("select listagg(a) within group (order by b), listagg(a) over (partition by c)"),
            ""
        );
        let frame = "redshift-local: a frame in the window of RANK is not supported";
        assert_eq!(refused("select rank() over (order by c rows 1 preceding)"), frame);
        let other = "OVER specified, but bool_or is not a window function nor an aggregate function";
        assert_eq!(refused("select bool_or(a) over ()"), other);
    }

    #[test]
    fn windows_have_no_names_and_calls_no_order() {
        assert_eq!(refused("select sum(a) over w from t"), "syntax error at or near \"w\"");
        assert_eq!(refused("select sum(a) over (w) from t"), "syntax error at or near \"w\"");
        assert_eq!(refused("select 1 from t window w as (order by a)"), "syntax error at or near \"window\"");
        assert_eq!(refused("select listagg(a order by b) from t"), "syntax error at or near \"order\"");
        assert_eq!(refused("select a in (select b from t order by b), f((select b from t order by b))"), "");
    }
}

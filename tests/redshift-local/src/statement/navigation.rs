//! Paths into SUPER values and the unnesting of their arrays (`query-super`). PostgreSQL gets calls of `rs_get` and `rs_unnest`
//! (`sql/json.sql`), which `rs_plain` turns back where a view's text is shown. Which of a path's names are the column's is told
//! by the FROM clauses; a step into a column that is no SUPER is refused by PostgreSQL, which has no such function.

use std::collections::HashSet;

use super::clauses::{Clauses, is_no_alias};
use super::cursor::Cursor;
use crate::lexer::Token;

/// The names that the FROM clauses of a text give.
#[derive(Debug, Default)]
pub struct Scope {
    /// Aliases, and names of tables that have neither alias nor schema.
    tables: HashSet<String>,
    /// Tables with their schema.
    qualified: HashSet<(String, String)>,
    /// Aliases of elements of arrays.
    elements: HashSet<String>,
    /// Where items that iterate over arrays begin: addresses in the text.
    iterations: HashSet<*const u8>,
    /// A name before a dot that is none of these may be a variable.
    has_variables: bool,
}

/// A name with the steps behind it.
#[derive(Clone, Debug)]
pub struct Path<'t, 'a> {
    /// The name and the attributes before the first element of an array.
    names: Vec<&'t Token<'a>>,
    /// What follows them.
    steps: Vec<Step<'t, 'a>>,
    /// What comes after the path.
    pub rest: &'t [Token<'a>],
}

/// A step into a value.
#[derive(Clone, Copy, Debug)]
pub enum Step<'t, 'a> {
    /// `.name`
    Attribute(&'t Token<'a>),
    /// `[place]`
    Element(&'t [Token<'a>]),
}

/// An item of a FROM clause that iterates over an array: `path [ AS ] alias [ AT place ]`.
#[derive(Clone, Debug)]
pub struct Unnesting<'t, 'a> {
    /// The array.
    pub array: Path<'t, 'a>,
    /// The name of each element.
    pub alias: String,
    /// The name of its place.
    pub place: Option<String>,
    /// What comes after the item.
    pub rest: &'t [Token<'a>],
}

impl Scope {
    /// The names in a text.
    pub fn of(tokens: &[Token<'_>]) -> Self {
        let mut scope = Self::default();
        let mut clauses = Clauses::default();
        let mut before: Option<&Token<'_>> = None;
        for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.is_significant()) {
            let named = before.is_some_and(|before| before.is_operator(")") || before.is_word("as"));
            if clauses.at_item() {
                scope.add_item(&tokens[at..]);
            } else if named && clauses.in_from() {
                scope.tables.extend(alias(&mut Cursor::new(&tokens[at..])));
            }
            clauses.pass(token);
            before = Some(token);
        }
        scope.tables.retain(|name| !scope.elements.contains(name));
        scope
    }

    /// The names in a piece of a procedure.
    pub fn of_procedure(tokens: &[Token<'_>]) -> Self {
        Self { has_variables: true, ..Self::of(tokens) }
    }

    /// An item iterates over an array if its first name is that of an item before it.
    fn add_item(&mut self, tokens: &[Token<'_>]) {
        let Some(path) = Path::at(tokens) else { return };
        let names: Vec<String> = path.names.iter().copied().map(name).collect();
        let is_path = names.len() + path.steps.len() > 1;
        let alias = alias(&mut Cursor::new(path.rest));
        let of_element = self.elements.contains(&names[0]);
        if alias.is_some() && (of_element || (is_path && self.tables.contains(&names[0]))) {
            self.elements.extend(alias);
            self.iterations.insert(tokens[0].text.as_ptr());
            return;
        }
        if let [.., schema, table] = names.as_slice() {
            self.qualified.insert((schema.clone(), table.clone()));
        }
        self.tables.extend(alias.or(names.last().filter(|_| !is_path).cloned()));
    }

    /// The item of a FROM clause that begins here, if it iterates over an array.
    pub fn unnesting<'t, 'a>(&self, tokens: &'t [Token<'a>]) -> Option<Unnesting<'t, 'a>> {
        if !self.iterations.contains(&tokens.first()?.text.as_ptr()) {
            return None;
        }
        let array = Path::at(tokens)?;
        let mut cursor = Cursor::new(array.rest);
        let alias = alias(&mut cursor)?;
        let place = if cursor.take_word("at") { Some(cursor.expect_identifier().ok()?) } else { None };
        Some(Unnesting { array, alias, place, rest: cursor.rest() })
    }

    /// The column at a path's head and the steps into its value; nothing if that is all.
    pub fn split<'t, 'a>(&self, path: &Path<'t, 'a>) -> Option<(Vec<&'t Token<'a>>, Vec<Step<'t, 'a>>)> {
        let names = &path.names;
        let first = name(names[0]);
        let column = if self.elements.contains(&first) {
            1
        } else if names.len() > 2 && self.qualified.contains(&(first.clone(), name(names[1]))) {
            3
        } else if names.len() > 3 && self.qualified.contains(&(name(names[1]), name(names[2]))) {
            // With the database before the schema, as dbt writes all names.
            4
        } else if self.tables.contains(&first) || self.qualified.iter().any(|(_, table)| *table == first) {
            2
        } else if self.has_variables || (self.tables.is_empty() && self.qualified.is_empty()) {
            names.len()
        } else {
            1
        };
        let (column, attributes) = names.split_at(column.min(names.len()));
        let steps = attributes.iter().copied().map(Step::Attribute).chain(path.steps.iter().copied());
        let steps: Vec<_> = steps.collect();
        (!steps.is_empty()).then(|| (column.to_vec(), steps))
    }
}

impl<'t, 'a> Path<'t, 'a> {
    /// The path that begins here; nothing if the name of a function or `table.*` does.
    pub fn at(tokens: &'t [Token<'a>]) -> Option<Self> {
        let mut cursor = Cursor::new(tokens);
        let first = cursor.next().filter(|token| token.identifier().is_some())?;
        let (mut names, mut steps) = (vec![first], Vec::new());
        loop {
            let mut ahead = cursor.clone();
            if ahead.take_operator(".") {
                let Some(token) = ahead.next().filter(|token| token.identifier().is_some()) else { break };
                if steps.is_empty() {
                    names.push(token);
                } else {
                    steps.push(Step::Attribute(token));
                }
            } else if ahead.take_operator("[") && !first.is_word("array") {
                let inside = ahead.rest();
                let length = inside.iter().position(|token| token.is_operator("]"))?;
                steps.push(Step::Element(&inside[..length]));
                ahead = Cursor::new(&inside[length + 1..]);
            } else {
                break;
            }
            cursor = ahead;
        }
        let is_other = cursor.at_operator("(") || cursor.at_operator(".");
        (!is_other).then(|| Self { names, steps, rest: cursor.rest() })
    }

    /// The name that a result column of this path has: its last.
    pub fn result_name(&self) -> String {
        let attribute = self.steps.iter().rev().find_map(|step| match step {
            Step::Attribute(token) => Some(*token),
            Step::Element(_) => None,
        });
        name(attribute.unwrap_or(self.names[self.names.len() - 1]))
    }

    /// The path as a column.
    pub fn column(&self) -> Vec<&'t Token<'a>> {
        self.names.clone()
    }
}

/// An alias with or without AS, if one comes next.
fn alias(cursor: &mut Cursor<'_, '_>) -> Option<String> {
    let mut ahead = cursor.clone();
    ahead.take_word("as");
    let token = ahead.next()?;
    if is_no_alias(token) {
        return None;
    }
    let found = token.identifier()?.into_owned();
    *cursor = ahead;
    Some(found)
}

fn name(token: &Token<'_>) -> String {
    token.identifier().unwrap_or_default().into_owned()
}

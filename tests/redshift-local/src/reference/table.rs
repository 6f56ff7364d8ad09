//! The tables of functions, relations and syntax, read once.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::options::Kind;

/// Where a function or relation may be used (`c_SQL_functions_leader_node_only`, `c_SQL_functions_compute_node_only`,
/// `c_join_PG`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the leader node alone: not beside what the compute nodes hold.
    Leader,
    /// On the compute nodes.
    Compute,
    /// Anywhere.
    Both,
    /// Anywhere, but for some of its columns.
    Partly,
}

/// A built-in function or special form.
#[derive(Debug)]
pub struct Function {
    /// Where it runs.
    pub place: Place,
    /// It is called without parentheses.
    pub is_word: bool,
}

/// A relation that Redshift brings along.
#[derive(Debug)]
pub struct Relation {
    /// Where it lies.
    pub place: Place,
    /// The one kind of warehouse that has it; both, if nothing.
    pub kind: Option<Kind>,
    /// Its columns that lie on the leader node only.
    pub leader_columns: Vec<&'static str>,
}

/// A column of a relation that Redshift brings along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Column {
    /// Its relation, as in [`relation`].
    pub relation: &'static str,
    /// Its name; `*` where the relation may have any.
    pub name: &'static str,
}

/// What PostgreSQL reads and Redshift does not.
#[derive(Debug)]
pub struct Syntax {
    /// Words and operators, one after another.
    pub words: Vec<&'static str>,
    /// The page that does not have it.
    pub page: &'static str,
    /// How it is refused.
    pub sqlstate: &'static str,
}

/// What may stand in a function's window besides PARTITION BY.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ordering {
    /// ORDER BY with a frame.
    Framed,
    /// ORDER BY without a frame.
    Ordered,
    /// Neither.
    Unordered,
}

static FUNCTIONS: LazyLock<HashMap<&str, Function>> = LazyLock::new(|| {
    rows(include_str!("../../reference/functions.tsv"))
        .map(|[name, _, at, _, form]| (name, Function { place: place(at), is_word: form == "word" }))
        .collect()
});

static RELATIONS: LazyLock<HashMap<&str, Relation>> = LazyLock::new(|| {
    let kind = |kind| match kind {
        "provisioned" => Some(Kind::Provisioned),
        "serverless" => Some(Kind::Serverless),
        _ => None,
    };
    rows(include_str!("../../reference/relations.tsv"))
        .map(|[name, _, at, of, columns]| {
            let leader_columns = columns.split(' ').collect();
            (name, Relation { place: place(at), kind: kind(of), leader_columns })
        })
        .collect()
});

/// By the first of their words.
static SYNTAX: LazyLock<HashMap<&str, Vec<Syntax>>> = LazyLock::new(|| {
    let mut table: HashMap<_, Vec<_>> = HashMap::new();
    for [words, page, sqlstate] in rows(include_str!("../../reference/syntax.tsv")) {
        let words: Vec<_> = words.split(' ').collect();
        table.entry(words[0]).or_default().push(Syntax { words, page, sqlstate });
    }
    table
});

static WINDOWS: LazyLock<HashMap<&str, Ordering>> = LazyLock::new(|| {
    let ordering = |order| match order {
        "framed" => Ordering::Framed,
        "ordered" => Ordering::Ordered,
        _ => Ordering::Unordered,
    };
    rows(include_str!("../../reference/windows.tsv"))
        .map(|[function, _, order]| (function, ordering(order)))
        .collect()
});

/// The function of this name, in lower case.
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.get(name)
}

/// The relation of this name, in lower case; with its schema if that is `information_schema`.
pub fn relation(name: &str) -> Option<&'static Relation> {
    RELATIONS.get(name)
}

/// The columns of all relations, by AWS's pages and PostgreSQL 8.0.2's sources (`reference/columns.tsv`).
pub fn columns() -> impl Iterator<Item = Column> {
    rows(include_str!("../../reference/columns.tsv")).map(|[relation, name]| Column { relation, name })
}

/// The window function of this name, in lower case.
pub fn window(function: &str) -> Option<Ordering> {
    WINDOWS.get(function).copied()
}

/// What begins with this word, in lower case, or operator.
pub fn syntax(first: &str) -> &'static [Syntax] {
    SYNTAX.get(first).map_or(&[], Vec::as_slice)
}

/// The rows of a table: fields between tabs, comments on lines of their own, which `# ` begins.
pub fn rows<const FIELDS: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; FIELDS]> {
    table.lines().filter(|line| !line.starts_with("# ")).map(|line| {
        let mut fields = line.split('\t');
        std::array::from_fn(|_| fields.next().unwrap_or_default())
    })
}

fn place(name: &str) -> Place {
    match name {
        "leader" => Place::Leader,
        "compute" => Place::Compute,
        "partly" => Place::Partly,
        _ => Place::Both,
    }
}

//! Whatever a name is made of, up to 127 bytes, each statement says just that name and nothing else.
//!
//! Every statement is made twice: with plain names, and with any. A reader of another origin than `name` takes both apart: they may differ
//! in the names alone, and there name by name.

use super::*;
use crate::catalog::{
    Argument, ArgumentMode, AttachedMask, AttachedRowPolicy, Automatic, Column, Commentable, Conjunction,
    DefaultPrivileges, DistributionStyle, ExternalSchema, ExternalSource, ForeignKey, Identity, KeyKind,
    Language, MaskingPolicy, NewObject, ObjectKind, Privilege, ProcedureClauses, Routine, RoutineKind,
    RoutineName, RowPolicy, SetClause, SetValue, Setting, SortKey, SortStyle, SystemPrivilege, Table,
    UniqueKey, User, View, Volatility,
};
use crate::name::QualifiedName;
use crate::password::PasswordHash;
use crate::transfer::{Format, Marked, MarkedValue, NullMarker};
use proptest::prelude::*;
use proptest::{array, collection, sample};
use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;
use std::str::Chars;

/// A schema, an object, two columns, a principal, another one, a policy or key, an alias or argument.
type Names = [Identifier; 8];

/// The bytes of the longest name (`r_names`).
const LONGEST: usize = 127;

/// Each kind of statement that says names. Late-binding and materialized views are not among them: their statements are the catalog's.
fn statements(names: &Names) -> Vec<Sql> {
    let [schema, object, ..] = names;
    let relation = QualifiedName::new(schema.clone(), object.clone());
    [principals(names), schemas(names), relations(names, &relation), routines(names, &relation)]
        .into_iter()
        .chain([policies(names, &relation), rights(names, &relation), transfers(names, &relation)])
        .flatten()
        .collect()
}

fn principals([schema, object, _, _, user, other, ..]: &Names) -> Vec<Sql> {
    let path = Setting { parameter: samples::id("search_path"), value: format!("{schema}, {object}") };
    let hash = PasswordHash::parse("md5153c434b4b77c89e6b94f12c5393af5b").unwrap();
    let mut all = vec![
        create_user(user, &User::ordinary()),
        set_user_parameter(user, &path).unwrap(),
        set_password(user, &hash, false),
        create_group(other),
        add_user_to_group(user, other),
        create_role(other),
        alter_role_owner(other, user),
        grant_role_to_user(other, user, true),
        grant_role_to_role(other, user),
        search_in_transaction(schema),
    ];
    all.extend(grant_system_privileges([&SystemPrivilege::parse("ANALYZE")], other).unwrap());
    all.extend(act_as(user, schema));
    all.extend(search(schema));
    all
}

fn schemas([schema, _, _, _, user, ..]: &Names) -> Vec<Sql> {
    let external = ExternalSchema {
        source: ExternalSource::DataCatalog,
        database: Some("lake".into()),
        options: BTreeMap::new(),
    };
    vec![
        create_schema(schema, Some(user), Some(512)),
        create_external_schema(schema, &external).unwrap(),
        alter_owner(&Ownable::Schema(schema), user),
    ]
}

fn relations([_, object, column, second, user, _, key, _]: &Names, relation: &QualifiedName) -> Vec<Sql> {
    let columns = || vec![column.clone(), second.clone()];
    let typed = |name: &Identifier| Column {
        name: name.clone(),
        data_type: "integer".into(),
        not_null: false,
        default: None,
        encoding: "az64".into(),
        collation: None,
    };
    let unique = UniqueKey { name: key.clone(), kind: KeyKind::Unique, columns: columns() };
    let foreign = ForeignKey {
        name: key.clone(),
        columns: columns(),
        references: relation.clone(),
        referenced_columns: columns(),
    };
    let table = Table {
        owner: user.clone(),
        columns: vec![typed(column), typed(second)],
        distribution: DistributionStyle::Key(column.clone()),
        sort_key: Some(SortKey { style: SortStyle::Compound, columns: columns() }),
        backup: true,
        automatic: Some(Automatic { sort_key: true, encoding: false }),
        unique_keys: vec![unique.clone()],
        foreign_keys: Vec::new(),
    };
    let view = View {
        owner: user.clone(),
        definition: "SELECT 1".into(),
        reads: BTreeSet::new(),
        calls: BTreeSet::new(),
    };
    let mut all = vec![create_table(relation, &table)];
    all.extend(set_sort_key(relation, &table));
    all.extend([
        add_column(relation, &typed(column), false),
        widen_column(relation, column, "character varying(40)"),
        add_unique_key(relation, &unique),
        add_foreign_key(relation, &foreign),
        create_view(relation, &view, None),
        set_auto_refresh(relation, true),
        refresh_materialized_view(relation),
        show_columns(object, relation),
        in_schemas("SELECT 'tenant_schema'", &[key.clone()].into()),
        alter_owner(&Ownable::Relation(relation), user),
    ]);
    let commented = [
        Commentable::Table(relation.clone()),
        Commentable::View(relation.clone()),
        Commentable::Column(relation.clone(), object.clone()),
        Commentable::Constraint(relation.clone(), key.clone()),
    ];
    all.extend(commented.iter().map(|on| comment(on, "no name")));
    all
}

fn routines([schema, _, _, _, user, _, _, argument]: &Names, name: &QualifiedName) -> Vec<Sql> {
    let search_path = SetClause {
        parameter: samples::id("search_path"),
        values: vec![SetValue::Text(schema.as_str().to_owned())],
    };
    let routine_name = RoutineName { name: name.clone(), argument_types: "integer".into() };
    let routine = Routine {
        kind: RoutineKind::Procedure,
        owner: user.clone(),
        language: Language::Plpgsql,
        arguments: vec![Argument {
            name: Some(argument.clone()),
            mode: ArgumentMode::In,
            data_type: "integer".into(),
        }],
        returns: None,
        volatility: Volatility::Volatile,
        security_definer: true,
        clauses: Some(ProcedureClauses { nonatomic: false, setting: Some(search_path) }),
        body: "BEGIN EXECUTE $$SELECT '\"$$; END".into(),
        default_privileges: true,
    };
    vec![
        create_routine(&routine_name, &routine),
        alter_owner(&Ownable::Routine(RoutineKind::Procedure, &routine_name), user),
        revoke_execute_from_public(&routine_name, RoutineKind::Procedure),
        show_procedure(&routine_name),
    ]
}

fn policies([_, _, column, second, user, role, policy, alias]: &Names, on: &QualifiedName) -> Vec<Sql> {
    let columns = || vec![PolicyColumn { name: column.clone(), data_type: "integer".into() }];
    let rows = RowPolicy { columns: columns(), alias: Some(alias.clone()), predicate: "true".into() };
    let attached = AttachedRowPolicy { policy: policy.clone(), grantee: Grantee::User(user.clone()) };
    let mask = AttachedMask {
        policy: policy.clone(),
        grantee: Grantee::Role(role.clone()),
        masked: vec![column.as_str().to_owned()],
        inputs: vec![second.as_str().to_owned()],
        priority: 1,
    };
    vec![
        create_row_policy(policy, &rows),
        attach_row_policy(on, &attached).unwrap(),
        turn_on_row_level_security(Protectable::Table, on, Conjunction::And),
        turn_on_row_level_security(Protectable::MaterializedView, on, Conjunction::Or),
        create_masking_policy(policy, &MaskingPolicy { columns: columns(), expression: "0".into() }),
        attach_masking_policy(on, &mask).unwrap(),
    ]
}

fn rights([schema, object, column, second, user, other, ..]: &Names, relation: &QualifiedName) -> Vec<Sql> {
    let routine = RoutineName { name: relation.clone(), argument_types: "integer".into() };
    let grantees = [Grantee::User(user.clone()), Grantee::Group(other.clone()), Grantee::Role(other.clone())];
    let on = [
        GrantOn::Database(object),
        GrantOn::Language(object),
        GrantOn::Schema(schema),
        GrantOn::EveryInSchema(ObjectKind::Tables, schema),
        GrantOn::Relation(relation),
        GrantOn::Routine(RoutineKind::Function, &routine),
    ];
    let to_come = |schema| DefaultPrivileges { owner: user.clone(), schema, on: NewObject::Functions };
    let (execute, functions) = ([&Privilege::Execute], to_come(Some(schema.clone())));
    let columns = BTreeMap::from([
        (&Privilege::Select, BTreeSet::from([column])),
        (&Privilege::Update, BTreeSet::from([second])),
    ]);
    let mut all = vec![revoke_execute_by_default(&to_come(None))];
    for to in &grantees {
        all.extend(on.iter().map(|on| grant_privileges([&Privilege::Usage], on, to, true).unwrap()));
        if let Grantee::User(user) = to {
            all.extend(on.iter().map(|on| revoke_privileges([&Privilege::Usage], on, user).unwrap()));
        }
        all.extend(grant_on_columns(&columns, relation, to));
        all.push(grant_by_default(execute, &functions, to, false).unwrap());
        all.push(grant_all_by_default(&functions, to, true));
        all.push(revoke_by_default(execute, &functions, to).unwrap());
        all.push(revoke_option_by_default(execute, &functions, to).unwrap());
        all.push(grant_assume_role("arn:aws:iam::1:role/r", ["COPY"], to));
    }
    all
}

fn transfers([_, _, column, second, ..]: &Names, table: &QualifiedName) -> Vec<Sql> {
    let of_type =
        |name: &Identifier, data_type| Column { name: name.clone(), ..samples::column("c", data_type) };
    let null_marker = NullMarker::from_bits(1);
    let iam_role = "arn:aws:iam::1:role/r";
    let identity = Identity { seed: 1, step: 1, by_default: false };
    let mut all = vec![
        identity_maxima([(table, column, identity)]),
        lock_table(table),
        table_columns(table),
        delete_rows(table),
        count_rows(table),
        count_rows_of_each([table]),
        vacuum(table),
    ];
    let values = [(column, MarkedValue::NullSuper), (second, MarkedValue::EmptyVarbyte)];
    let marked = values.map(|(column, value)| Marked { column, value });
    all.push(count_marked(table, &marked));
    all.extend(marked.iter().filter_map(|marked| restore_marked(table, marked, &null_marker)));
    let columns = [of_type(column, "super"), of_type(second, "real")];
    all.push(fingerprint(table, &columns));
    for format in [&Format::Parquet, &Format::Csv { null_marker }] {
        all.push(unload(&Unload {
            table,
            columns: &columns,
            format,
            prefix_url: "s3://b/p/",
            iam_role,
            kms_key: None,
            region: None,
            max_file_size: None,
        }));
        all.push(copy(&Copy {
            table,
            columns: &columns,
            format,
            manifest_url: "s3://b/p/manifest",
            iam_role,
            region: None,
            explicit_ids: true,
        }));
    }
    all
}

/// A part of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// Key words, signs, texts between dollar quotes.
    Bare(String),
    /// What a delimited identifier names.
    Name(String),
    /// What a literal says.
    Value(String),
}

/// Takes a statement apart: in an identifier a quote is doubled (`r_names`); in a literal a quote is doubled and a backslash takes the next
/// character as it is, as in PostgreSQL 8.0. The query of UNLOAD is a literal (`r_UNLOAD`), which is taken apart in its turn.
fn parts(sql: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut bare = String::new();
    let mut rest = sql.chars().peekable();
    while let Some(sign) = rest.next() {
        match sign {
            '$' if rest.peek().is_some_and(|next| *next == '$' || next.is_alphabetic()) => {
                bare.push_str(&dollar_quoted(&mut rest));
            }
            '"' | '\'' => {
                let is_query = bare.ends_with("UNLOAD (");
                parts.push(Part::Bare(std::mem::take(&mut bare)));
                let inside = quoted(&mut rest, sign);
                match sign {
                    '"' => parts.push(Part::Name(inside)),
                    _ if is_query => parts.extend(self::parts(&inside)),
                    _ => parts.push(Part::Value(inside)),
                }
            }
            other => bare.push(other),
        }
    }
    parts.push(Part::Bare(bare));
    parts
}

/// Takes what is in quotes, whose first has been taken.
fn quoted(rest: &mut Peekable<Chars>, quote: char) -> String {
    let mut inside = String::new();
    loop {
        match rest.next().expect("quotes are closed") {
            '\\' if quote == '\'' => inside.extend(rest.next()),
            sign if sign == quote && rest.next_if_eq(&quote).is_none() => return inside,
            sign => inside.push(sign),
        }
    }
}

/// Takes a text between dollar quotes, whose first dollar has been taken.
fn dollar_quoted(rest: &mut Peekable<Chars>) -> String {
    let tag: String = rest.by_ref().take_while(|sign| *sign != '$').collect();
    let end = format!("${tag}$");
    let mut text = String::new();
    while !text.ends_with(&end) {
        text.push(rest.next().expect("dollar quotes are closed"));
    }
    text
}

/// Any characters but NUL, up to the longest name; often those that quoting is about, and often the longest.
fn any_name() -> impl Strategy<Value = Identifier> {
    let telling = sample::select("\"'\\$.;:%/-*() \n".chars().collect::<Vec<_>>());
    let sign = prop_oneof![2 => telling, 1 => any::<char>(), 1 => proptest::char::range('a', 'z')];
    collection::vec(sign, 1..=2 * LONGEST).prop_map(|signs| {
        let mut name = String::new();
        for sign in signs.into_iter().map(|sign| if sign == '\0' { 'x' } else { sign }) {
            if name.len() + sign.len_utf8() <= LONGEST {
                name.push(sign);
            }
        }
        Identifier::new(name).unwrap()
    })
}

proptest! {
    #[test]
    fn a_statement_says_its_names_whatever_they_are_made_of(any in array::uniform8(any_name())) {
        let plain: Names = std::array::from_fn(|at| samples::id(&format!("name{at}")));
        let meant: BTreeMap<&str, &str> =
            plain.iter().zip(&any).map(|(plain, any)| (plain.as_str(), any.as_str())).collect();
        let renamed = |text: &str| meant.get(text).copied().unwrap_or(text).to_owned();
        for (plain, any) in statements(&plain).iter().zip(statements(&any)) {
            let expected: Vec<Part> = parts(plain.as_str())
                .into_iter()
                .map(|part| match part {
                    Part::Bare(text) => Part::Bare(text),
                    Part::Name(name) => Part::Name(renamed(&name)),
                    Part::Value(value) => Part::Value(renamed(&value)),
                })
                .collect();
            // The catalog is asked for a name as a value.
            let says = |part: &Part| match part {
                Part::Bare(_) => false,
                Part::Name(_) => true,
                Part::Value(value) => any.as_str().len() > value.len() && meant.values().any(|name| name == value),
            };
            prop_assert!(expected.iter().any(says), "{plain} names nothing");
            prop_assert_eq!(parts(any.as_str()), expected);
        }
    }
}

/// Statements that say no name, or the catalog's own text.
const WITHOUT_NAMES: [&str; 14] = [
    "act_as_oneself",
    "begin",
    "by_case",
    "commit",
    "copy_probe",
    "create_materialized_view",
    "create_probe",
    "last_copy",
    "last_unload",
    "rollback",
    "show_case_sensitivity",
    "start_session",
    "terminate_session",
    "unload_probe",
];

#[test]
fn no_statement_that_says_a_name_is_forgotten_here() {
    let exported = include_str!("mod.rs").split("pub use ").skip(1);
    let lists = exported.filter_map(|rest| rest.split_once("::")?.1.split(';').next());
    let words = lists.flat_map(|list| list.split(|sign: char| !sign.is_alphanumeric() && sign != '_'));
    let is_called = |name: &str| include_str!("any_names.rs").contains(&format!("{name}("));
    let is_function = |name: &&str| name.starts_with(|first: char| first.is_ascii_lowercase());
    let functions: Vec<&str> = words.filter(is_function).collect();
    assert!(functions.len() > 40, "statements are exported in another way: {functions:?}");
    let forgotten: Vec<_> =
        functions.into_iter().filter(|name| !is_called(name) && !WITHOUT_NAMES.contains(name)).collect();
    assert_eq!(forgotten, [""; 0]);
}

//! Every statement that we send, one kind a file.
//!
//! A [`Sql`] comes only from here or from a query file compiled in: names and values enter through
//! [`crate::name`]. The other texts in a statement (data types, default expressions, definitions of views,
//! bodies of routines) are SQL that a warehouse itself printed from its catalog.

mod alter_owner;
mod alter_table;
mod assume_role;
mod attach_masking_policy;
mod attach_row_policy;
mod change_membership;
mod comment;
mod constraint;
mod copy;
mod count_rows;
mod create_external_schema;
mod create_group;
mod create_masking_policy;
mod create_materialized_view;
mod create_routine;
mod create_row_policy;
mod create_schema;
mod create_table;
mod create_user;
mod create_view;
mod default_privileges;
mod delete_rows;
mod fingerprint;
mod grant_privilege;
mod grant_system_privilege;
mod identity_maxima;
mod in_schemas;
mod lock_table;
mod marked_values;
mod name_case;
mod preflight;
mod refresh_materialized_view;
mod role;
mod row_level_security;
mod session;
mod set_auto_refresh;
mod set_password;
mod set_user_parameter;
mod show_columns;
mod show_procedure;
mod table_columns;
mod terminate_session;
mod transaction;
mod unload;
mod vacuum;

pub use alter_owner::{Ownable, alter_owner};
pub use alter_table::{add_column, widen_column};
pub use assume_role::grant_assume_role;
pub use attach_masking_policy::attach_masking_policy;
pub use attach_row_policy::attach_row_policy;
pub use change_membership::add_user_to_group;
pub use comment::comment;
pub use constraint::{add_foreign_key, add_unique_key};
pub(crate) use constraint::{foreign_key_clause, unique_key_clause};
pub use copy::{Copy, copy, last_copy};
pub use count_rows::{TABLES_A_QUERY, count_rows, count_rows_of_each};
pub use create_external_schema::create_external_schema;
pub use create_group::create_group;
pub use create_masking_policy::create_masking_policy;
pub use create_materialized_view::create_materialized_view;
pub use create_routine::create_routine;
pub use create_row_policy::create_row_policy;
pub use create_schema::create_schema;
pub use create_table::{create_table, set_sort_key};
pub(crate) use create_table::{describe_default, describe_distribution, describe_sort_key, encoding_keyword};
pub use create_user::create_user;
pub use create_view::create_view;
pub use default_privileges::{
    grant_all_by_default, grant_by_default, revoke_by_default, revoke_execute_by_default,
    revoke_option_by_default,
};
pub use delete_rows::delete_rows;
pub use fingerprint::fingerprint;
pub use grant_privilege::{
    GrantOn, grant_on_columns, grant_privileges, revoke_execute_from_public, revoke_privileges,
};
pub use grant_system_privilege::grant_system_privileges;
pub use identity_maxima::{IDENTITIES_A_QUERY, identity_maxima};
pub use in_schemas::in_schemas;
pub use lock_table::lock_table;
pub use marked_values::{count_marked, restore_marked};
pub use name_case::{Cased, NameCase, by_case};
pub use preflight::{Probe, copy_probe, create_probe, unload_probe};
pub use refresh_materialized_view::refresh_materialized_view;
pub use role::{alter_role_owner, create_role, grant_role_to_role, grant_role_to_user};
pub use row_level_security::{Protectable, turn_on_row_level_security};
pub use session::{
    act_as, act_as_oneself, search, search_in_transaction, show_case_sensitivity, start_session,
};
pub use set_auto_refresh::set_auto_refresh;
pub use set_password::set_password;
pub use set_user_parameter::set_user_parameter;
pub use show_columns::show_columns;
pub use show_procedure::show_procedure;
pub use table_columns::table_columns;
pub use terminate_session::terminate_session;
pub use transaction::{begin, commit, rollback};
pub use unload::{Unload, last_unload, unload};
pub use vacuum::vacuum;

use crate::catalog::{Grantee, PolicyColumn};
use crate::name::Identifier;
use serde::Serialize;
use std::fmt;

/// One rendered statement, without a closing semicolon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Sql {
    text: String,
    #[serde(skip)]
    name_case: NameCase,
}

impl Sql {
    /// A statement from a constant of the program: a query file compiled in.
    pub fn constant(text: &'static str) -> Self {
        let text = text.trim_end().trim_end_matches(';').to_owned();
        Self { text, name_case: NameCase::Any }
    }

    /// Text rendered by a module of this folder.
    fn rendered(text: String) -> Self {
        let name_case = NameCase::of_rendered(&text);
        Self { text, name_case }
    }

    /// The same with this need instead.
    fn with(self, name_case: NameCase) -> Self {
        Self { name_case, ..self }
    }

    /// What it needs of the session's setting for names in quotes.
    pub fn name_case(&self) -> NameCase {
        self.name_case
    }

    /// The statement's text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text with its semicolon, on a line of its own where the last line may end in a comment: views keep the text that
    /// somebody wrote.
    pub fn terminated(&self) -> String {
        let comment = self.text.lines().next_back().is_some_and(|line| line.contains("--"));
        format!("{}{};", self.text, if comment { "\n" } else { "" })
    }
}

impl fmt::Display for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// `"a", "b"`.
fn column_list<'a>(columns: impl IntoIterator<Item = &'a Identifier>) -> String {
    columns.into_iter().map(Identifier::to_string).collect::<Vec<_>>().join(", ")
}

/// `"a" integer, "b" date`: the columns of a policy.
fn policy_columns(columns: &[PolicyColumn]) -> String {
    let columns = columns.iter().map(|column| format!("{} {}", column.name, column.data_type));
    columns.collect::<Vec<_>>().join(", ")
}

/// How ATTACH names a policy's grantee; none for a group, which policies do not know.
fn policy_grantee(grantee: &Grantee) -> Option<String> {
    match grantee {
        Grantee::Public => Some("PUBLIC".to_owned()),
        Grantee::User(name) => Some(name.to_string()),
        Grantee::Role(name) => Some(format!("ROLE {name}")),
        Grantee::Group(_) => None,
    }
}

#[cfg(test)]
mod any_names;
#[cfg(test)]
mod samples {
    //! Names for the snapshot tests of this folder.

    use crate::catalog::Column;
    use crate::name::{Identifier, QualifiedName};

    pub fn id(name: &str) -> Identifier {
        Identifier::new(name).unwrap()
    }

    pub fn qualified(schema: &str, name: &str) -> QualifiedName {
        QualifiedName::new(id(schema), id(name))
    }

    pub fn column(name: &str, data_type: &str) -> Column {
        let (name, data_type) = (id(name), data_type.to_owned());
        Column { name, data_type, not_null: false, default: None, encoding: "none".into(), collation: None }
    }
}

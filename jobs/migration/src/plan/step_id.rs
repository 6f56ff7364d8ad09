//! The name of a step: what it does, and to which object.

use crate::catalog::{
    AttachedMask, AttachedRowPolicy, Commentable, DefaultPrivileges, Grantee, RoutineName, Securable,
};
use crate::name::{Identifier, QualifiedName};
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeSet;
use std::fmt;

/// What a step does, and to which object. Two plans of the same change agree on it; programs compare the value, and people
/// read its text. The order of values is for sets; steps stand in plans in the order of their texts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it, and so does the text of each")]
pub enum StepId {
    CreateUser(Identifier),
    SetUserParameter {
        user: Identifier,
        parameter: Identifier,
    },
    CreateGroup(Identifier),
    AddMember {
        member: Identifier,
        group: Identifier,
    },
    CreateRole(Identifier),
    ChangeRoleOwner(Identifier),
    GrantRole {
        role: Identifier,
        to: Grantee,
    },
    GrantSystemPrivileges {
        to: Grantee,
    },
    CreateSchema(Identifier),
    CreateTable(QualifiedName),
    /// Leaves a table's sort key to Redshift, or takes it away.
    SetSortKey(QualifiedName),
    AddColumn {
        table: QualifiedName,
        column: Identifier,
    },
    WidenColumn {
        table: QualifiedName,
        column: Identifier,
    },
    AddKey {
        table: QualifiedName,
        key: Identifier,
    },
    CreateRoutine(RoutineName),
    /// A view or a materialized view.
    CreateView(QualifiedName),
    SetAutoRefresh(QualifiedName),
    CreateRowPolicy(Identifier),
    CreateMaskingPolicy(Identifier),
    AttachRowPolicy {
        policy: Identifier,
        relation: QualifiedName,
        to: Grantee,
    },
    AttachMaskingPolicy {
        policy: Identifier,
        relation: QualifiedName,
        masked: Vec<String>,
        to: Grantee,
        priority: i32,
    },
    EnableRowLevelSecurity(QualifiedName),
    ChangeOwner(Securable),
    /// Grants all that the grantee lacks on this, either with or without the grant option.
    Grant {
        on: Securable,
        to: Grantee,
        grantable: bool,
    },
    /// Grants all that the grantee lacks on columns of this.
    GrantOnColumns {
        relation: QualifiedName,
        to: Grantee,
    },
    RevokeFromPublic(RoutineName),
    /// Takes from its owner what the source's owner took from itself.
    RevokeFromOwner(Securable),
    CommentOn(Commentable),
    GrantDefaultPrivileges {
        rule: DefaultPrivileges,
        to: Grantee,
        grantable: bool,
    },
    RevokeDefaultPrivileges(DefaultPrivileges),
}

/// The steps that others need, by the object.
impl StepId {
    pub(super) fn user(name: &Identifier) -> Self {
        Self::CreateUser(name.clone())
    }

    pub(super) fn group(name: &Identifier) -> Self {
        Self::CreateGroup(name.clone())
    }

    pub(super) fn role(name: &Identifier) -> Self {
        Self::CreateRole(name.clone())
    }

    /// None for PUBLIC, which is always there.
    pub(super) fn principal(grantee: &Grantee) -> Option<Self> {
        match grantee {
            Grantee::Public => None,
            Grantee::User(name) => Some(Self::user(name)),
            Grantee::Group(name) => Some(Self::group(name)),
            Grantee::Role(name) => Some(Self::role(name)),
        }
    }

    pub(super) fn membership(role: &Identifier, holder: &Grantee) -> Self {
        Self::GrantRole { role: role.clone(), to: holder.clone() }
    }

    pub(super) fn schema(name: &Identifier) -> Self {
        Self::CreateSchema(name.clone())
    }

    pub(super) fn table(name: &QualifiedName) -> Self {
        Self::CreateTable(name.clone())
    }

    pub(super) fn view(name: &QualifiedName) -> Self {
        Self::CreateView(name.clone())
    }

    /// A relation of any kind: one of these steps creates it.
    pub(super) fn relation(name: &QualifiedName) -> [Self; 2] {
        [Self::table(name), Self::view(name)]
    }

    pub(super) fn column(table: &QualifiedName, column: &Identifier) -> Self {
        Self::AddColumn { table: table.clone(), column: column.clone() }
    }

    pub(super) fn key(table: &QualifiedName, key: &Identifier) -> Self {
        Self::AddKey { table: table.clone(), key: key.clone() }
    }

    pub(super) fn routine(name: &RoutineName) -> Self {
        Self::CreateRoutine(name.clone())
    }

    pub(super) fn change_owner(securable: &Securable) -> Self {
        Self::ChangeOwner(securable.clone())
    }

    pub(super) fn enable_row_level_security(relation: &QualifiedName) -> Self {
        Self::EnableRowLevelSecurity(relation.clone())
    }

    pub(super) fn attach(relation: &QualifiedName, attached: &AttachedRowPolicy) -> Self {
        let AttachedRowPolicy { policy, grantee } = attached.clone();
        Self::AttachRowPolicy { policy, relation: relation.clone(), to: grantee }
    }

    pub(super) fn mask(relation: &QualifiedName, mask: &AttachedMask) -> Self {
        let AttachedMask { policy, grantee, masked, inputs: _, priority } = mask.clone();
        Self::AttachMaskingPolicy { policy, relation: relation.clone(), masked, to: grantee, priority }
    }
}

/// `verb object`: `create table "s"."t"`. Delimited names keep different objects apart.
impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateUser(name) => write!(f, "create user {name}"),
            Self::SetUserParameter { user, parameter } => {
                write!(f, "set parameter of user {user} {parameter}")
            }
            Self::CreateGroup(name) => write!(f, "create group {name}"),
            Self::AddMember { member, group } => write!(f, "add member {member} {group}"),
            Self::CreateRole(name) => write!(f, "create role {name}"),
            Self::ChangeRoleOwner(name) => write!(f, "give role {name}"),
            Self::GrantRole { role, to } => write!(f, "grant role {role} to {to}"),
            Self::GrantSystemPrivileges { to } => write!(f, "grant system permissions to {to}"),
            Self::CreateSchema(name) => write!(f, "create schema {name}"),
            Self::CreateTable(name) => write!(f, "create table {name}"),
            Self::AddColumn { table, column } => write!(f, "add column {table}.{column}"),
            Self::WidenColumn { table, column } => write!(f, "widen column {table}.{column}"),
            Self::AddKey { table, key } => write!(f, "add key {table} {key}"),
            Self::CreateRoutine(name) => write!(f, "create routine {name}"),
            Self::CreateView(name) => write!(f, "create view {name}"),
            Self::SetSortKey(name) => write!(f, "set sort key {name}"),
            Self::SetAutoRefresh(name) => write!(f, "set auto refresh {name}"),
            Self::CreateRowPolicy(name) => write!(f, "create rls policy {name}"),
            Self::CreateMaskingPolicy(name) => write!(f, "create masking policy {name}"),
            Self::AttachRowPolicy { policy, relation, to } => {
                write!(f, "attach rls policy {policy} on {relation} to {to}")
            }
            Self::AttachMaskingPolicy { policy, relation, masked, to, priority } => {
                write!(
                    f,
                    "attach masking policy {policy} on {relation} {masked:?} to {to} priority {priority}"
                )
            }
            Self::EnableRowLevelSecurity(name) => write!(f, "protect {name}"),
            Self::ChangeOwner(securable) => write!(f, "give {securable}"),
            Self::Grant { on, to, grantable } => write!(f, "grant on {on} to {to}{}", option(*grantable)),
            Self::GrantOnColumns { relation, to } => write!(f, "grant on columns of {relation} to {to}"),
            Self::RevokeFromPublic(name) => write!(f, "revoke from PUBLIC routine {name}"),
            Self::RevokeFromOwner(on) => write!(f, "revoke from owner of {on}"),
            Self::CommentOn(on) => write!(f, "comment on {on}"),
            Self::GrantDefaultPrivileges { rule, to, grantable } => {
                write!(f, "grant by default on {rule} to {to}{}", option(*grantable))
            }
            Self::RevokeDefaultPrivileges(rule) => write!(f, "revoke by default on {rule}"),
        }
    }
}

fn option(grantable: bool) -> &'static str {
    if grantable { " with grant option" } else { "" }
}

/// A step's id as its text, for documents that people read.
pub(super) fn as_text<S: Serializer>(id: &StepId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}

/// The ids of steps as their texts, in the order of these.
pub(super) fn as_texts<S: Serializer>(ids: &BTreeSet<StepId>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(ids.iter().map(ToString::to_string).collect::<BTreeSet<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{NewObject, ObjectKind};
    use proptest::prelude::*;
    use serde_json::{from_value, to_value};

    fn id(name: &str) -> Identifier {
        Identifier::new(name).unwrap()
    }

    /// One of each kind of step, about objects of these names.
    fn steps(one: &str, other: &str) -> Vec<StepId> {
        let (name, user) = (QualifiedName::new(id(one), id(other)), Grantee::User(id(other)));
        let routine = RoutineName { name: name.clone(), argument_types: "integer".into() };
        let row_policy = AttachedRowPolicy { policy: id(one), grantee: user.clone() };
        let mask = AttachedMask {
            policy: id(one),
            grantee: Grantee::Role(id(other)),
            masked: vec![one.to_owned(), other.to_owned()],
            inputs: vec![],
            priority: 10,
        };
        let rule = DefaultPrivileges { owner: id(one), schema: Some(id(other)), on: NewObject::Tables };
        vec![
            StepId::user(&id(one)),
            StepId::SetUserParameter { user: id(one), parameter: id(other) },
            StepId::group(&id(one)),
            StepId::AddMember { member: id(one), group: id(other) },
            StepId::role(&id(one)),
            StepId::ChangeRoleOwner(id(one)),
            StepId::membership(&id(one), &user),
            StepId::GrantSystemPrivileges { to: Grantee::Role(id(one)) },
            StepId::schema(&id(one)),
            StepId::table(&name),
            StepId::column(&name, &id(other)),
            StepId::WidenColumn { table: name.clone(), column: id(other) },
            StepId::key(&name, &id(other)),
            StepId::routine(&routine),
            StepId::view(&name),
            StepId::SetSortKey(name.clone()),
            StepId::SetAutoRefresh(name.clone()),
            StepId::CreateRowPolicy(id(one)),
            StepId::CreateMaskingPolicy(id(one)),
            StepId::attach(&name, &row_policy),
            StepId::mask(&name, &mask),
            StepId::enable_row_level_security(&name),
            StepId::change_owner(&Securable::Routine(routine.clone())),
            StepId::Grant { on: Securable::Schema(id(one)), to: Grantee::Public, grantable: false },
            StepId::Grant {
                on: Securable::EveryInSchema(ObjectKind::Tables, id(one)),
                to: user.clone(),
                grantable: true,
            },
            StepId::GrantOnColumns { relation: name.clone(), to: Grantee::Group(id(other)) },
            StepId::RevokeFromPublic(routine.clone()),
            StepId::RevokeFromOwner(Securable::Routine(routine)),
            StepId::CommentOn(Commentable::Column(name, id(other))),
            StepId::GrantDefaultPrivileges { rule: rule.clone(), to: user, grantable: false },
            StepId::RevokeDefaultPrivileges(rule),
        ]
    }

    #[test]
    fn people_read_a_verb_and_delimited_names() {
        let texts: Vec<String> = steps("sh\"op", "t").iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(texts.join("\n"), @r#"
        create user "sh""op"
        set parameter of user "sh""op" "t"
        create group "sh""op"
        add member "sh""op" "t"
        create role "sh""op"
        give role "sh""op"
        grant role "sh""op" to user "t"
        grant system permissions to role "sh""op"
        create schema "sh""op"
        create table "sh""op"."t"
        add column "sh""op"."t"."t"
        widen column "sh""op"."t"."t"
        add key "sh""op"."t" "t"
        create routine "sh""op"."t"(integer)
        create view "sh""op"."t"
        set sort key "sh""op"."t"
        set auto refresh "sh""op"."t"
        create rls policy "sh""op"
        create masking policy "sh""op"
        attach rls policy "sh""op" on "sh""op"."t" to user "t"
        attach masking policy "sh""op" on "sh""op"."t" ["sh\"op", "t"] to role "t" priority 10
        protect "sh""op"."t"
        give routine "sh""op"."t"(integer)
        grant on schema "sh""op" to PUBLIC
        grant on TABLES in schema "sh""op" to user "t" with grant option
        grant on columns of "sh""op"."t" to group "t"
        revoke from PUBLIC routine "sh""op"."t"(integer)
        revoke from owner of routine "sh""op"."t"(integer)
        comment on COLUMN "sh""op"."t"."t"
        grant by default on TABLES of user "sh""op" in schema "t" to user "t"
        revoke by default on TABLES of user "sh""op" in schema "t"
        "#);
    }

    proptest! {
        /// Names may hold what ids are made of. What the ledger holds of a step is the step.
        #[test]
        fn no_two_steps_print_alike_and_each_is_read_back(
            names in proptest::collection::btree_set(r#"(a|"| |\.|\(| to user | on |in ){1,4}"#, 2..5),
        ) {
            let mut texts = std::collections::BTreeMap::new();
            for (one, other) in names.iter().flat_map(|one| names.iter().map(move |other| (one, other))) {
                for step in steps(one, other) {
                    let held: StepId = from_value(to_value(&step).unwrap()).unwrap();
                    prop_assert_eq!(&held, &step);
                    if let Some(other) = texts.insert(step.to_string(), step.clone()) {
                        prop_assert_eq!(other, step);
                    }
                }
            }
        }
    }
}

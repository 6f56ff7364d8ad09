//! Users, groups and roles.

use super::{Answers, ReadError, in_query, owner};
use crate::session::{DecodeError, ResultSet, Row};
use migration::catalog::{Catalog, Group, Role, Setting, User};
use migration::name::Identifier;
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub(super) fn decode(answers: &Answers, catalog: &mut Catalog) -> Result<(), ReadError> {
    let (users, names) = decode_users(&answers.users).map_err(in_query("users"))?;
    catalog.users = users;
    add_options(&answers.user_options, catalog).map_err(in_query("user_options"))?;
    catalog.groups = decode_groups(&answers.groups, &names).map_err(in_query("groups"))?;
    catalog.roles = decode_roles(&answers.roles).map_err(in_query("roles"))?;
    Ok(())
}

type Names = HashMap<String, Identifier>;

fn decode_users(answer: &ResultSet) -> Result<(BTreeMap<Identifier, User>, Names), DecodeError> {
    let (mut users, mut names) = (BTreeMap::new(), HashMap::new());
    for row in answer.rows() {
        let name = row.identifier("usename")?;
        names.insert(row.text("usesysid")?.to_owned(), name.clone());
        users.insert(name, decode_user(&row)?);
    }
    Ok((users, names))
}

fn decode_user(row: &Row) -> Result<User, DecodeError> {
    let valid_until = row.optional("valuntil")?.filter(|moment| *moment != "infinity").map(str::to_owned);
    // Blank for Redshift's own user in an example of r_CREATE_USER.
    let connection_limit = match row.optional("useconnlimit")?.map(str::trim) {
        None | Some("UNLIMITED" | "") => None,
        Some(_) => Some(row.number("useconnlimit")?),
    };
    let settings = row.array("useconfig")?;
    let settings = settings.iter().filter_map(|setting| setting.split_once('=')).map(|(parameter, value)| {
        let parameter = Identifier::new(parameter)
            .map_err(|source| DecodeError::Name { column: "useconfig".into(), source })?;
        Ok(Setting { parameter, value: value.to_owned() })
    });
    Ok(User {
        superuser: row.boolean("usesuper")?,
        create_database: row.boolean("usecreatedb")?,
        valid_until,
        connection_limit,
        unrestricted_syslog_access: false,
        session_timeout_s: None,
        external_id: None,
        settings: settings.collect::<Result<_, _>>()?,
    })
}

fn add_options(answer: &ResultSet, catalog: &mut Catalog) -> Result<(), DecodeError> {
    for row in answer.rows() {
        let Some(user) = catalog.users.get_mut(&row.identifier("user_name")?) else { continue };
        user.unrestricted_syslog_access = row.text("syslog_access")?.trim() == "UNRESTRICTED";
        let timeout: u32 = row.number("session_timeout")?;
        user.session_timeout_s = (timeout > 0).then_some(timeout);
        user.external_id = external_id(&row, "external_user_id")?;
    }
    Ok(())
}

fn decode_groups(answer: &ResultSet, names: &Names) -> Result<BTreeMap<Identifier, Group>, DecodeError> {
    let groups = answer.rows().map(|row| {
        let members: BTreeSet<_> =
            row.array("grolist")?.iter().filter_map(|id| names.get(id)).cloned().collect();
        Ok((row.identifier("groname")?, Group { members }))
    });
    groups.collect()
}

/// `row_type` says whether a row is a role, a user who holds it, or a role that does.
fn decode_roles(answer: &ResultSet) -> Result<BTreeMap<Identifier, Role>, DecodeError> {
    let mut roles = BTreeMap::new();
    let is_role = |row: &Row| row.text("row_type").is_ok_and(|kind| kind == "role");
    for row in answer.rows().filter(is_role) {
        let role = Role {
            owner: owner(row.optional_identifier("identity_name")?),
            external_id: external_id(&row, "external_id")?,
            users: BTreeMap::new(),
            roles: BTreeSet::new(),
        };
        roles.insert(row.identifier("role_name")?, role);
    }
    for row in answer.rows().filter(|row| !is_role(row)) {
        let Some(role) = roles.get_mut(&row.identifier("role_name")?) else { continue };
        let holder = row.identifier("identity_name")?;
        match row.text("row_type")? {
            "user" => *role.users.entry(holder).or_default() |= row.boolean("admin_option")?,
            "member" => {
                role.roles.insert(holder);
            }
            other => {
                let (column, value) = ("row_type".into(), other.to_owned());
                return Err(DecodeError::Malformed { column, value, expected: "role, user or member" });
            }
        }
    }
    Ok(roles)
}

/// An id that an identity provider gave; blank where there is none.
fn external_id(row: &Row, column: &str) -> Result<Option<String>, DecodeError> {
    Ok(row.optional(column)?.filter(|id| !id.trim().is_empty()).map(str::to_owned))
}

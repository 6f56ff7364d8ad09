//! What a question may leave in a warehouse, and how it goes away. No I/O.

/// An object, by its name. Dropped in this order, since the later ones may be in use by the earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Made {
    /// A policy on rows, wherever it is attached.
    RowPolicy(&'static str),
    /// A schema with all that is in it.
    Schema(&'static str),
    /// A masking policy: what it was attached to is gone with the schema.
    MaskingPolicy(&'static str),
    /// The default privileges on tables that this user's give PUBLIC.
    DefaultPrivileges(&'static str),
    /// The IAM roles that this user may name in COPY.
    AssumedRoles(&'static str),
    /// A role.
    Role(&'static str),
    /// A group.
    Group(&'static str),
    /// A user.
    User(&'static str),
}

impl Made {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::RowPolicy(name)
            | Self::Schema(name)
            | Self::MaskingPolicy(name)
            | Self::DefaultPrivileges(name)
            | Self::AssumedRoles(name)
            | Self::Role(name)
            | Self::Group(name)
            | Self::User(name) => name,
        }
    }

    /// Asks whether it is there. Names here hold no quotes.
    pub fn look(self) -> String {
        let (relation, column) = match self {
            Self::RowPolicy(_) => ("svv_rls_policy", "polname"),
            Self::Schema(_) => ("pg_namespace", "nspname"),
            Self::MaskingPolicy(_) => ("svv_masking_policy", "policy_name"),
            Self::DefaultPrivileges(_) => ("svv_default_privileges", "owner_name"),
            Self::AssumedRoles(_) => ("svv_iam_privileges", "identity_name"),
            Self::Role(_) => ("svv_roles", "role_name"),
            Self::Group(_) => ("pg_group", "groname"),
            Self::User(_) => ("pg_user", "usename"),
        };
        format!("SELECT {column} FROM {relation} WHERE {column} = '{}'", self.name())
    }

    /// Drops it. Only some of these statements have IF EXISTS, so that the caller looks first (`r_DROP_ROLE`, `r_DROP_GROUP`,
    /// `r_DROP_MASKING_POLICY`). Names in quotes keep their case in the session that sends it.
    pub fn drop(self) -> String {
        let name = self.name();
        match self {
            Self::RowPolicy(_) => format!("DROP RLS POLICY {name} CASCADE"),
            Self::Schema(_) => format!("DROP SCHEMA {name} CASCADE"),
            Self::MaskingPolicy(_) => format!("DROP MASKING POLICY {name}"),
            Self::DefaultPrivileges(_) => {
                format!("ALTER DEFAULT PRIVILEGES FOR USER {name} REVOKE ALL ON TABLES FROM PUBLIC")
            }
            Self::AssumedRoles(_) => format!("REVOKE ASSUMEROLE ON ALL FROM {name} FOR ALL"),
            Self::Role(_) => format!("DROP ROLE \"{name}\" FORCE"),
            Self::Group(_) => format!("DROP GROUP \"{name}\""),
            Self::User(_) => format!("DROP USER \"{name}\""),
        }
    }
}

//! What the target grants already to principals who cannot use it yet, because they lack USAGE of its schema (`r_GRANT`): who gives
//! them USAGE gives them that, too.

use super::held::Held;
use crate::catalog::{Catalog, Grant, Grantee, Privilege, Securable};
use crate::name::Identifier;
use std::collections::BTreeMap;

/// By schema something that would be found, and a principal who holds a privilege on it.
pub(super) struct Unfound<'a>(BTreeMap<Identifier, (&'a Securable, &'a Grantee)>);

impl<'a> Unfound<'a> {
    /// Looks at the grants of the target that are more than the source gives.
    ///
    /// Any holder counts, whoever is to get USAGE: it may be a member of the holder, or act for it by way of a procedure.
    pub(super) fn of(target: &'a Catalog, is_more: impl Fn(&Securable, &Grant) -> bool) -> Self {
        let (mut unfound, mut finders) = (BTreeMap::new(), BTreeMap::new());
        for (on, grants) in &target.grants {
            let within = on.schema().filter(|_| !matches!(on, Securable::Schema(_)));
            let Some(schema) = within.filter(|schema| !unfound.contains_key(*schema)) else { continue };
            let mut finds = |grantee: &'a Grantee| {
                *finders.entry((grantee, schema.clone())).or_insert_with(|| finds(target, grantee, schema))
            };
            let counts = |grant: &&'a Grant| {
                !grant.privilege.allows_nothing() && !finds(&grant.grantee) && is_more(on, grant)
            };
            if let Some(grant) = grants.iter().find(counts) {
                unfound.insert(schema.clone(), (on, &grant.grantee));
            }
        }
        Self(unfound)
    }

    /// Whether a grant is USAGE of a schema in which something would be found by it.
    pub(super) fn is_opened_by(&self, on: &Securable, grant: &Grant) -> bool {
        let opens = matches!(on, Securable::Schema(schema) if self.in_schema(schema).is_some());
        opens && grant.privilege == Privilege::Usage
    }

    /// What USAGE of a schema would let a principal use.
    pub(super) fn in_schema(&self, schema: &Identifier) -> Option<(&'a Securable, &'a Grantee)> {
        self.0.get(schema).copied()
    }
}

/// Whether a principal has USAGE of a schema already, as itself.
fn finds(catalog: &Catalog, grantee: &Grantee, schema: &Identifier) -> bool {
    let is_superuser = matches!(grantee, Grantee::User(name) if catalog.is_superuser_by_option(name));
    is_superuser || Held::of(catalog, grantee).on(&Privilege::Usage, &Securable::Schema(schema.clone()))
}

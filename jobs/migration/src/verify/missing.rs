//! What the tenant's principals can do on the source and no more on the target.

use super::bits::Bits;
use super::effective::Effective;
use super::finding::{Finding, Power};
use super::holders::Everybody;
use crate::catalog::{Catalog, Grantee, Securable, is_system_role};
use crate::scope::Scope;
use std::collections::BTreeSet;

/// What the source gives on the tenant's objects, and to its principals anywhere, and the target does not. What did not arrive, an object or a
/// principal, is missing itself.
pub(super) fn missing(
    everybody: &Everybody,
    scope: &Scope,
    here: &Effective,
    there: &Effective,
) -> BTreeSet<Finding> {
    let tenant = everybody.select(|name| scope.holds_principal(name));
    let mut comparison = Comparison { everybody, scope, here, there, tenant, found: BTreeSet::new() };
    comparison.superusers();
    comparison.owners();
    for (power, given) in &here.given {
        match power {
            Power::Membership(of) => comparison.members(of, given),
            Power::Privilege { on, .. } => {
                let ours = scope.holds_securable(on) || on.schema().is_none();
                if ours && is_in(here.catalog, on) && is_in(there.catalog, on) {
                    comparison.lost(power, given, on.schema().is_none());
                }
            }
            // What Redshift's own roles may is up to the version of each warehouse.
            Power::System(_) => {
                let mut given = given.clone();
                given.retain(|number| !is_redshifts_own(everybody.name(number)));
                comparison.lost(power, &given, true);
            }
            // A new plan finds what is to be done about the others.
            Power::Ownership(_)
            | Power::Reach { .. }
            | Power::GrantRole(_)
            | Power::ToCome { .. }
            | Power::AssumeRole { .. }
            | Power::CreateDatabase
            | Power::UnrestrictedSyslogAccess
            | Power::Superuser => {}
        }
    }
    comparison.found
}

struct Comparison<'a> {
    everybody: &'a Everybody,
    scope: &'a Scope,
    here: &'a Effective<'a>,
    there: &'a Effective<'a>,
    tenant: Bits,
    found: BTreeSet<Finding>,
}

impl Comparison<'_> {
    fn superusers(&mut self) {
        let lost = self.here.superusers.without(&self.there.superusers);
        for number in
            lost.filter(|number| self.tenant.contains(*number) && self.there.known.contains(*number))
        {
            // By a role it is a membership that is lost.
            let given = self.here.given.get(&Power::Superuser);
            if given.is_some_and(|given| given.contains(number)) {
                let principal = self.everybody.name(number).clone();
                self.found.insert(Finding { power: Power::Superuser, principal });
            }
        }
    }

    /// Members that a group or a role of the tenant lost: what they lose by that is told as this one thing. A group outside is not moved,
    /// and the plan's border names those of the tenant who are in it. One that did not arrive is missing itself.
    fn members(&mut self, of: &Grantee, members: &Bits) {
        let Some(group) = self.everybody.number(of) else { return };
        for number in members.numbers() {
            let lost = !self.there.holders.of_number(group).contains(number);
            let of_tenant = self.tenant.contains(group) && self.tenant.contains(number);
            let known = self.there.known.contains(group) && self.there.known.contains(number);
            let member = self.everybody.name(number);
            // What one of Redshift's own roles holds is up to the version of each warehouse.
            let is_redshifts = is_redshifts_own(of) && is_redshifts_own(member);
            if lost && of_tenant && known && !is_redshifts {
                let power = Power::Membership(of.clone());
                self.found.insert(Finding { power, principal: member.clone() });
            }
        }
    }

    fn owners(&mut self) {
        let source = self.here.catalog;
        let ours = source.securables().filter(|on| self.scope.holds_securable(on));
        for on in ours.filter(|on| is_in(self.there.catalog, on)) {
            let Some(owner) = source.owner(&on).cloned() else { continue };
            if self.there.catalog.owner(&on) == Some(&owner) {
                continue;
            }
            let principal = Grantee::User(owner);
            // Superusers may do as much without owning anything.
            let loses = self.everybody.number(&principal).is_some_and(|number| {
                self.there.known.contains(number) && !self.there.superusers.contains(number)
            });
            if loses {
                self.found.insert(Finding { power: Power::Ownership(on), principal });
            }
        }
    }

    /// Who had it and does not have it any more. Of what is the whole warehouse's only the tenant's principals count.
    fn lost(&mut self, power: &Power, given: &Bits, of_tenant: bool) {
        let counts = |number: usize| !of_tenant || self.tenant.contains(number);
        let (had, may) = (self.here.holders.of_all(given), self.there.may(power));
        let mut found = BTreeSet::new();
        for number in had.without(&may).filter(|number| self.there.known.contains(*number) && counts(*number))
        {
            // By whom it had the right and would still have it: that one lost it. Where there is none, a membership is lost,
            // and where that one is not moved, neither is its right.
            let by = given.numbers().filter(|grantee| {
                let moves = counts(*grantee) || *self.everybody.name(*grantee) == Grantee::Public;
                let holds = |side: &&Effective| side.holders.of_number(*grantee).contains(number);
                moves && [self.here, self.there].iter().all(holds)
            });
            found.extend(by.map(|grantee| self.everybody.name(grantee).clone()));
        }
        self.found.extend(found.into_iter().map(|principal| Finding { power: power.clone(), principal }));
    }
}

fn is_redshifts_own(principal: &Grantee) -> bool {
    matches!(principal, Grantee::Role(name) if is_system_role(name))
}

/// Whether rights on it can be: an object that did not arrive is missing itself.
fn is_in(catalog: &Catalog, securable: &Securable) -> bool {
    match securable {
        Securable::Database | Securable::Language(_) | Securable::EveryInDatabase(_) => true,
        Securable::EveryInSchema(_, schema) => catalog.schemas.contains_key(schema),
        Securable::Schema(_) | Securable::Relation(_) | Securable::Routine(_) => {
            catalog.owner(securable).is_some()
        }
        Securable::Column(relation, column) => {
            let table = catalog.tables.get(relation);
            let has_column =
                table.is_none_or(|table| table.columns.iter().any(|there| there.name == *column));
            catalog.owner(securable).is_some() && has_column
        }
    }
}

//! Effective rights of source and target, compared.

use super::bits::Bits;
use super::holders::{Everybody, Holders};
use crate::catalog::{Catalog, Grant, Grantee, Privilege, Securable, SystemPrivilege, is_system_role};
use crate::scope::Scope;
use std::collections::{BTreeMap, BTreeSet};

/// How the rights of source and target differ; nothing where they do not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Equivalence {
    /// What the source gives and the target does not, to principals and on objects that are on the target.
    pub missing: BTreeSet<Finding>,
    /// What the target gives and the source does not.
    pub added: BTreeSet<Finding>,
}

/// One right that only one side gives. Rights that somebody has by way of another are told of that other, where it lost or won them, too.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// To do something with an object.
    Right {
        /// What it allows.
        privilege: Privilege,
        /// WITH GRANT OPTION.
        grantable: bool,
        /// On what.
        securable: Securable,
        /// Who may.
        principal: Grantee,
    },
    /// To do anything with an object, as its owner.
    Owner {
        /// The object.
        securable: Securable,
        /// Who owns it.
        principal: Grantee,
    },
    /// To do something anywhere on the warehouse.
    System {
        /// What it allows.
        privilege: SystemPrivilege,
        /// Who may.
        principal: Grantee,
    },
    /// To do what a group or a role may.
    Membership {
        /// Who is in it, or holds it.
        member: Grantee,
        /// The group or the role.
        of: Grantee,
    },
    /// To do anything.
    Superuser {
        /// Who may.
        principal: Grantee,
    },
}

impl Finding {
    /// What it is about, for people to read.
    pub fn plain(&self) -> String {
        match self {
            Self::Right { privilege, grantable, securable, principal } => {
                let option = if *grantable { " with grant option" } else { "" };
                format!("{privilege}{option} for {} on {}", principal.plain(), securable.plain())
            }
            Self::Owner { securable, principal } => {
                format!("ownership of {} for {}", securable.plain(), principal.plain())
            }
            Self::System { privilege, principal } => format!("{privilege} for {}", principal.plain()),
            Self::Membership { member, of } => format!("membership of {} in {}", member.plain(), of.plain()),
            Self::Superuser { principal } => format!("CREATEUSER for {}", principal.plain()),
        }
    }
}

/// Compares what everybody may do with the tenant's objects that are on both sides, and what the tenant's principals may do anywhere.
pub fn compare_rights(source: &Catalog, target: &Catalog, scope: &Scope) -> Equivalence {
    let everybody = Everybody::of([source, target]);
    let comparison = Comparison {
        here: Side::of(source, &everybody),
        there: Side::of(target, &everybody),
        tenant: everybody.select(|name| scope.holds_principal(name)),
        everybody: &everybody,
    };
    let mut found = Equivalence::default();
    comparison.superusers(&mut found);
    comparison.memberships(&mut found);
    let objects = objects(source).into_iter().filter(|on| scope.holds_securable(on) && is_in(target, on));
    objects.for_each(|securable| comparison.owners(&securable, &mut found));
    let securables: BTreeSet<&Securable> = source.grants.keys().chain(target.grants.keys()).collect();
    for securable in securables.into_iter().filter(|on| is_in(source, on) && is_in(target, on)) {
        if scope.holds_securable(securable) || securable.schema().is_none() {
            comparison.rights(securable, &mut found);
        }
    }
    comparison.system_privileges(&mut found);
    found
}

/// One warehouse's answers.
struct Side<'a> {
    catalog: &'a Catalog,
    holders: Holders,
    superusers: Bits,
    /// Whom it knows.
    known: Bits,
}

impl<'a> Side<'a> {
    fn of(catalog: &'a Catalog, everybody: &Everybody) -> Self {
        let is_superuser = |name: &Grantee| matches!(name, Grantee::User(name) if catalog.users.get(name).is_some_and(|user| user.superuser));
        let knows = |name: &Grantee| match name {
            Grantee::Public => true,
            Grantee::User(name) => catalog.users.contains_key(name),
            Grantee::Group(name) => catalog.groups.contains_key(name),
            Grantee::Role(name) => catalog.roles.contains_key(name),
        };
        Self {
            catalog,
            holders: Holders::of(catalog, everybody),
            superusers: everybody.select(is_superuser),
            known: everybody.select(knows),
        }
    }

    /// Who has what the principals of these numbers are granted.
    fn holders_of(&self, granted: &Bits) -> Bits {
        let mut all = Bits::default();
        granted.without(&Bits::default()).for_each(|number| all.extend(self.holders.of_number(number)));
        all
    }
}

/// Grants of one kind: to whom each right was granted, by numbers.
type Granted<K> = BTreeMap<K, Bits>;

struct Comparison<'a> {
    everybody: &'a Everybody,
    here: Side<'a>,
    there: Side<'a>,
    tenant: Bits,
}

impl Comparison<'_> {
    fn superusers(&self, found: &mut Equivalence) {
        let of_tenant = |number: &usize| self.tenant.contains(*number);
        let finding = |number| Finding::Superuser { principal: self.everybody.name(number).clone() };
        let lost = self.here.superusers.without(&self.there.superusers).filter(of_tenant);
        found.missing.extend(lost.filter(|number| self.there.known.contains(*number)).map(finding));
        found
            .added
            .extend(self.there.superusers.without(&self.here.superusers).filter(of_tenant).map(finding));
    }

    /// Members that a group or a role of the tenant lost: what they lose by that is told as this one thing. A group outside is not moved,
    /// and the plan's border names those of the tenant who are in it. One that did not arrive is missing itself.
    fn memberships(&self, found: &mut Equivalence) {
        for (of, member) in members(self.here.catalog) {
            let (Some(group), Some(number)) = (self.everybody.number(&of), self.everybody.number(&member))
            else {
                continue;
            };
            let lost = !self.there.holders.of_number(group).contains(number);
            let of_tenant = self.tenant.contains(group) && self.tenant.contains(number);
            let known = self.there.known.contains(group) && self.there.known.contains(number);
            // What one of Redshift's own roles holds is up to the version of each warehouse.
            let is_redshifts = is_redshifts_own(&of) && is_redshifts_own(&member);
            if lost && of_tenant && known && !is_redshifts {
                found.missing.insert(Finding::Membership { member, of });
            }
        }
    }

    fn owners(&self, securable: &Securable, found: &mut Equivalence) {
        let owner = |side: &Side| side.catalog.owner(securable).cloned().map(Grantee::User);
        let number = |owner: &Grantee| self.everybody.number(owner);
        let (here, there) = (owner(&self.here), owner(&self.there));
        if here == there {
            return;
        }
        let finding = |principal: &Grantee| Finding::Owner {
            securable: securable.clone(),
            principal: principal.clone(),
        };
        // Superusers may do as much without owning anything.
        let is_superuser = |number: usize| self.there.superusers.contains(number);
        let loses = |owner: &&Grantee| {
            number(owner).is_some_and(|number| self.there.known.contains(number) && !is_superuser(number))
        };
        let gains = |owner: &&Grantee| number(owner).is_none_or(|number| !is_superuser(number));
        found.missing.extend(here.iter().filter(loses).map(finding));
        found.added.extend(there.iter().filter(gains).map(finding));
    }

    fn rights(&self, securable: &Securable, found: &mut Equivalence) {
        let whole = match securable {
            Securable::Column(name, _) => Some(Securable::Relation(name.clone())),
            _ => None,
        };
        // Who may do it with all of a table may do it with each of its columns.
        let wider =
            |side: &Side| whole.as_ref().map(|whole| self.granted(side.catalog, whole)).unwrap_or_default();
        let is_whole_databases = securable.schema().is_none();
        let rules = Rules {
            owner: |side: &Side| side.catalog.owner(securable).cloned().map(Grantee::User),
            implied_by: |(privilege, grantable): &(Privilege, bool)| {
                let with_option = (!grantable).then(|| (privilege.clone(), true));
                with_option.into_iter().collect()
            },
            counts: |number: usize| !is_whole_databases || self.tenant.contains(number),
            finding: |(privilege, grantable): &(Privilege, bool), principal: &Grantee| Finding::Right {
                privilege: privilege.clone(),
                grantable: *grantable,
                securable: securable.clone(),
                principal: principal.clone(),
            },
        };
        let here = (self.granted(self.here.catalog, securable), wider(&self.here));
        let there = (self.granted(self.there.catalog, securable), wider(&self.there));
        self.compare(&here, &there, &rules, found);
    }

    fn system_privileges(&self, found: &mut Equivalence) {
        let granted = |catalog: &Catalog| {
            let mut granted = Granted::new();
            // What Redshift's own roles may is up to the version of each warehouse.
            for (grantee, privileges) in
                catalog.system_privileges.iter().filter(|(name, _)| !is_redshifts_own(name))
            {
                let Some(number) = self.everybody.number(grantee) else { continue };
                for privilege in privileges {
                    let grantees: &mut Bits = granted.entry(privilege.clone()).or_default();
                    grantees.insert(number);
                }
            }
            (granted, Granted::new())
        };
        let rules = Rules {
            owner: |_: &Side| None,
            implied_by: |_: &SystemPrivilege| Vec::new(),
            counts: |number: usize| self.tenant.contains(number),
            finding: |privilege: &SystemPrivilege, principal: &Grantee| Finding::System {
                privilege: privilege.clone(),
                principal: principal.clone(),
            },
        };
        self.compare(&granted(self.here.catalog), &granted(self.there.catalog), &rules, found);
    }

    fn granted(&self, catalog: &Catalog, securable: &Securable) -> Granted<(Privilege, bool)> {
        let mut granted = Granted::new();
        let counts =
            |grant: &&Grant| !grant.privilege.allows_nothing() && !grant.is_there_from_the_start(securable);
        for grant in catalog.grants_on(securable).filter(counts) {
            let Some(number) = self.everybody.number(&grant.grantee) else { continue };
            let grantees: &mut Bits = granted.entry((grant.privilege.clone(), grant.grantable)).or_default();
            grantees.insert(number);
        }
        granted
    }

    /// Compares the holders of each right. Each side's second map is of what gives the same right by the way, and is not judged itself.
    fn compare<K: Ord + Clone>(
        &self,
        here: &(Granted<K>, Granted<K>),
        there: &(Granted<K>, Granted<K>),
        rules: &Rules<
            impl Fn(&Side) -> Option<Grantee>,
            impl Fn(&K) -> Vec<K>,
            impl Fn(usize) -> bool,
            impl Fn(&K, &Grantee) -> Finding,
        >,
        found: &mut Equivalence,
    ) {
        let all_that_may = |side: &Side, granted: &(Granted<K>, Granted<K>), key: &K| {
            let mut may = side.superusers.clone();
            let owner = (rules.owner)(side).and_then(|owner| self.everybody.number(&owner));
            if let Some(number) = owner {
                may.insert(number);
            }
            for key in (rules.implied_by)(key).iter().chain([key]) {
                let grantees = [granted.0.get(key), granted.1.get(key)].into_iter().flatten();
                grantees.for_each(|grantees| may.extend(&side.holders_of(grantees)));
            }
            may
        };
        let nobody = Bits::default();
        for (key, grantees) in &here.0 {
            let may = all_that_may(&self.there, there, key);
            let lost = self.here.holders_of(grantees);
            let lost = lost
                .without(&may)
                .filter(|number| self.there.known.contains(*number) && (rules.counts)(*number));
            for number in lost {
                // By whom it had the right and would still have it: that one lost it. Where there is none, a membership is lost,
                // and where that one is not moved, neither is its right.
                let by = grantees.without(&nobody).filter(|grantee| {
                    let moves = (rules.counts)(*grantee) || *self.everybody.name(*grantee) == Grantee::Public;
                    let holds = |side: &&Side| side.holders.of_number(*grantee).contains(number);
                    moves && [&self.here, &self.there].iter().all(holds)
                });
                found.missing.extend(by.map(|grantee| (rules.finding)(key, self.everybody.name(grantee))));
            }
        }
        for (key, grantees) in &there.0 {
            let may = all_that_may(&self.here, here, key);
            let holders = self.there.holders_of(grantees);
            let won: Vec<usize> = holders
                .without(&may)
                .filter(|number| !self.there.superusers.contains(*number) && (rules.counts)(*number))
                .collect();
            for number in &won {
                let by_another = grantees.without(&nobody).any(|grantee| {
                    grantee != *number
                        && won.binary_search(&grantee).is_ok()
                        && self.there.holders.of_number(grantee).contains(*number)
                });
                if grantees.contains(*number) || !by_another {
                    found.added.insert((rules.finding)(key, self.everybody.name(*number)));
                }
            }
        }
    }
}

/// What differs between kinds of rights.
struct Rules<O, I, C, F> {
    /// Who may do everything on a side, as the owner.
    owner: O,
    /// The rights that give a right, too.
    implied_by: I,
    /// Whose rights are compared.
    counts: C,
    /// A finding about a right of a principal.
    finding: F,
}

fn is_redshifts_own(principal: &Grantee) -> bool {
    matches!(principal, Grantee::Role(name) if is_system_role(name))
}

/// Each group and role with each that is in it directly.
fn members(catalog: &Catalog) -> impl Iterator<Item = (Grantee, Grantee)> {
    let pair = |of: Grantee, member: Grantee| (of, member);
    let in_groups = catalog.groups.iter().flat_map(move |(name, group)| {
        group
            .members
            .iter()
            .map(move |member| pair(Grantee::Group(name.clone()), Grantee::User(member.clone())))
    });
    let with_roles = catalog.roles.iter().flat_map(move |(name, role)| {
        let users = role.users.keys().cloned().map(Grantee::User);
        let roles = role.roles.iter().cloned().map(Grantee::Role);
        users.chain(roles).map(move |member| pair(Grantee::Role(name.clone()), member))
    });
    in_groups.chain(with_roles)
}

/// Everything that has an owner.
fn objects(catalog: &Catalog) -> Vec<Securable> {
    let schemas = catalog.schemas.keys().cloned().map(Securable::Schema);
    let relations =
        catalog.tables.keys().chain(catalog.views.keys()).chain(catalog.materialized_views.keys());
    let routines = catalog.routines.keys().cloned().map(Securable::Routine);
    schemas.chain(relations.cloned().map(Securable::Relation)).chain(routines).collect()
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

//! Who has what somebody is granted: a group's members, a role's holders by way of other roles, too.

use super::bits::Bits;
use crate::catalog::{Catalog, Grantee};
use crate::name::Identifier;
use std::collections::{BTreeMap, BTreeSet};

/// Everybody of some catalogs, numbered.
pub(super) struct Everybody {
    numbers: BTreeMap<Grantee, usize>,
    names: Vec<Grantee>,
}

impl Everybody {
    /// Numbers the principals of the catalogs, and all who own or are granted something there.
    pub fn of<'a>(catalogs: impl IntoIterator<Item = &'a Catalog>) -> Self {
        let mut all = BTreeSet::from([Grantee::Public]);
        for catalog in catalogs {
            all.extend(catalog.users.keys().cloned().map(Grantee::User));
            all.extend(catalog.groups.keys().cloned().map(Grantee::Group));
            all.extend(catalog.groups.values().flat_map(|group| &group.members).cloned().map(Grantee::User));
            for (name, role) in &catalog.roles {
                all.insert(Grantee::Role(name.clone()));
                all.extend(role.users.keys().chain([&role.owner]).cloned().map(Grantee::User));
                all.extend(role.roles.iter().cloned().map(Grantee::Role));
            }
            let owners = catalog.securables().filter_map(|on| catalog.owner(&on).cloned());
            all.extend(owners.map(Grantee::User));
            let given = catalog.grants.values().chain(catalog.default_privileges.values()).flatten();
            all.extend(given.map(|grant| grant.grantee.clone()));
            all.extend(catalog.system_privileges.keys().cloned());
            all.extend(catalog.assume_role.iter().map(|entry| entry.grantee.clone()));
        }
        let names: Vec<Grantee> = all.into_iter().collect();
        let numbers = names.iter().cloned().enumerate().map(|(number, name)| (name, number)).collect();
        Self { numbers, names }
    }

    /// The number of a principal; none for one that no catalog knows.
    pub fn number(&self, name: &Grantee) -> Option<usize> {
        self.numbers.get(name).copied()
    }

    /// Whose number this is.
    pub fn name(&self, number: usize) -> &Grantee {
        &self.names[number]
    }

    /// How many they are.
    pub fn count(&self) -> usize {
        self.names.len()
    }

    /// The principals that pass, as a set.
    pub fn select(&self, passes: impl Fn(&Grantee) -> bool) -> Bits {
        let mut bits = Bits::default();
        for number in (0..self.count()).filter(|number| passes(self.name(*number))) {
            bits.insert(number);
        }
        bits
    }
}

/// In one catalog: who has what each principal is granted, the principal itself among them. For PUBLIC that is everybody.
pub(super) struct Holders(Vec<Bits>);

impl Holders {
    /// Finds them.
    pub fn of(catalog: &Catalog, everybody: &Everybody) -> Self {
        Self((0..everybody.count()).map(|number| holders(catalog, everybody, number)).collect())
    }

    /// Who has what the principal of this number is granted.
    pub fn of_number(&self, number: usize) -> &Bits {
        &self.0[number]
    }

    /// Who has what one of these is granted.
    pub fn of_all(&self, granted: &Bits) -> Bits {
        let mut all = Bits::default();
        granted.numbers().for_each(|number| all.extend(self.of_number(number)));
        all
    }

    /// Of those who won something the ones to tell it of: who was given it itself, and others only where no group or role that won it, too,
    /// gives it to them.
    pub fn first<'a>(
        &'a self,
        won: &'a [usize],
        given: Option<&'a Bits>,
    ) -> impl Iterator<Item = usize> + 'a {
        won.iter().copied().filter(move |number| {
            let by_another = |other: &usize| other != number && self.of_number(*other).contains(*number);
            given.is_some_and(|given| given.contains(*number)) || !won.iter().any(by_another)
        })
    }

    /// Lets `actors` do what a user may, and so what the groups and roles may that the user is in. Whether any could not before.
    pub fn let_act_as(&mut self, user: usize, actors: &Bits) -> bool {
        let mut more = false;
        for held in self.0.iter_mut().filter(|held| held.contains(user)) {
            more |= actors.without(held).next().is_some();
            held.extend(actors);
        }
        more
    }
}

fn holders(catalog: &Catalog, everybody: &Everybody, number: usize) -> Bits {
    let mut bits = Bits::default();
    bits.insert(number);
    let mut add = |name: Grantee| everybody.number(&name).into_iter().for_each(|number| bits.insert(number));
    match everybody.name(number) {
        Grantee::Public => return everybody.select(|_| true),
        Grantee::User(_) => {}
        Grantee::Group(name) => {
            let members = catalog.groups.get(name).into_iter().flat_map(|group| &group.members);
            members.cloned().map(Grantee::User).for_each(add);
        }
        Grantee::Role(name) => {
            for role in roles_with(catalog, name) {
                add(Grantee::Role(role.clone()));
                let users = catalog.roles.get(role).into_iter().flat_map(|role| role.users.keys());
                users.cloned().map(Grantee::User).for_each(&mut add);
            }
        }
    }
    bits
}

/// A role and all roles that hold it, directly or by way of others (`t_role_hierarchy`).
fn roles_with<'a>(catalog: &'a Catalog, name: &'a Identifier) -> BTreeSet<&'a Identifier> {
    let mut found = BTreeSet::from([name]);
    let mut next = vec![name];
    while let Some(role) = next.pop() {
        let holders = catalog.roles.get(role).into_iter().flat_map(|role| &role.roles);
        next.extend(holders.filter(|holder| found.insert(holder)));
    }
    found
}

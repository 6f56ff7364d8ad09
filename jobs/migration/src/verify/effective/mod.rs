//! What everybody of one catalog can do in the end, whatever gives it.
//!
//! Written apart from `plan`, whose errors it is to find: it knows no step and no rule of what moves. What it follows: who is in which group
//! and role, to any depth (`t_role_hierarchy`); PUBLIC; superusers, by CREATEUSER or by sys:superuser (`r_roles-default`); owners,
//! without what they took from themselves (`r_Privileges`); permissions on all objects of a kind (`t_scoped-permissions`); what
//! acts with its owner's privileges; and what objects to come give (`r_ALTER_DEFAULT_PRIVILEGES`).

mod acting;

use super::bits::Bits;
use super::finding::Power;
use super::holders::{Everybody, Holders};
use crate::catalog::{
    Catalog, DefaultPrivileges, Grant, Grantee, ObjectKind, Privilege, SUPERUSER_ROLE, Securable,
};
use crate::name::{Identifier, QualifiedName};
use crate::scope::Scope;
pub(super) use acting::{Acting, Names, Reached, to_use};
use std::collections::BTreeMap;

/// Scoped permissions do not tell these apart (`r_GRANT`).
const ROUTINES: [ObjectKind; 2] = [ObjectKind::Functions, ObjectKind::Procedures];

/// What a privilege on an object is worth without USAGE of its schema (`r_GRANT`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Usage {
    /// Nothing: who comes to have USAGE can do what the privilege allows only then. So it is on the target, whose privileges may have been
    /// granted for other objects than the source's.
    Needed,
    /// As much as with it. So it is on the source: what its administrators granted they meant to give.
    Ignored,
}

/// What everybody of a catalog can do.
pub(super) struct Effective<'a> {
    pub catalog: &'a Catalog,
    everybody: &'a Everybody,
    /// Whether a privilege on what lies in a schema counts only with USAGE of that.
    usage: Usage,
    /// Who has what a principal is granted, acting as others included.
    pub holders: Holders,
    /// Who is a superuser by CREATEUSER or by a role.
    pub superusers: Bits,
    /// Who can do all that a superuser can, these included: by a procedure of one that runs any statement, too.
    pub as_superusers: Bits,
    /// Whom the catalog knows.
    pub known: Bits,
    /// To whom each power is given directly.
    pub given: BTreeMap<Power, Bits>,
    /// Those of them that are privileges on columns, by relation.
    given_on_columns: BTreeMap<QualifiedName, Vec<Power>>,
    /// Who reaches relations by way of what acts for an ordinary user.
    pub reached: Reached,
    /// Who reaches relations by way of what acts for a superuser.
    pub reached_as_superuser: Reached,
    /// Who reaches relations by way of what it may use and acts for its own owner: no gain, but something that it could do.
    reached_as_owner: Reached,
}

impl<'a> Effective<'a> {
    /// Finds what everybody can do. `names` are the relations that texts may name, of this catalog and of those that it is
    /// compared with: a text names what is not there yet, too.
    pub fn of(
        catalog: &'a Catalog,
        everybody: &'a Everybody,
        names: &Names,
        scope: &Scope,
        usage: Usage,
    ) -> Self {
        Self::with(catalog, everybody, &Acting::of(catalog, names, scope), scope, usage)
    }

    /// The same, with what acts in the tenant alone.
    pub fn of_tenant(
        catalog: &'a Catalog,
        everybody: &'a Everybody,
        acting: &Acting<'a>,
        scope: &Scope,
    ) -> Self {
        Self::with(catalog, everybody, acting, scope, Usage::Ignored)
    }

    fn with(
        catalog: &'a Catalog,
        everybody: &'a Everybody,
        acting: &Acting<'a>,
        scope: &Scope,
        usage: Usage,
    ) -> Self {
        let mut effective = Self {
            catalog,
            everybody,
            usage,
            holders: Holders::of(catalog, everybody),
            superusers: Bits::default(),
            as_superusers: Bits::default(),
            known: everybody.select(|name| knows(catalog, name)),
            given: given(catalog, everybody),
            given_on_columns: BTreeMap::new(),
            reached: Reached::new(),
            reached_as_superuser: Reached::new(),
            reached_as_owner: Reached::new(),
        };
        for power in effective.given.keys() {
            if let Power::Privilege { on: Securable::Column(relation, _), .. } = power {
                effective.given_on_columns.entry(relation.clone()).or_default().push(power.clone());
            }
        }
        let by_option =
            |name: &Grantee| matches!(name, Grantee::User(name) if catalog.is_superuser_by_option(name));
        effective.superusers = everybody.select(by_option);
        let role = Identifier::new(SUPERUSER_ROLE).ok().map(Grantee::Role);
        if let Some(number) = role.and_then(|role| everybody.number(&role)) {
            effective.superusers.extend(effective.holders.of_number(number));
        }
        effective.as_superusers = effective.superusers.clone();
        effective.let_act(acting);
        [effective.reached, effective.reached_as_superuser, effective.reached_as_owner] =
            acting.reached(&effective, scope);
        effective
    }

    /// Lets those who may call a procedure that runs any statement act as its owner, until nobody can do more.
    fn let_act(&mut self, acting: &Acting) {
        loop {
            let mut more = false;
            for (routine, owner) in acting.of_any_statement() {
                let Some(owner) = self.everybody.number(&Grantee::User(owner.clone())) else { continue };
                let callers = self.may_use(&Privilege::Execute, &Securable::Routine(routine.clone()));
                more |= self.holders.let_act_as(owner, &callers);
                if self.as_superusers.contains(owner) {
                    more |= callers.without(&self.as_superusers).next().is_some();
                    self.as_superusers.extend(&callers);
                }
            }
            if !more {
                return;
            }
        }
    }

    fn number_of(&self, user: &Identifier) -> Option<usize> {
        self.everybody.number(&Grantee::User(user.clone()))
    }

    /// Who can do it, superusers included.
    pub fn may(&self, power: &Power) -> Bits {
        let mut may = self.may_without_superusers(power);
        may.extend(&self.as_superusers);
        may
    }

    /// Who can do it, and not only because superusers can do everything.
    pub fn may_without_superusers(&self, power: &Power) -> Bits {
        let mut may = Bits::default();
        let mut add_given = |power: &Power| {
            self.given.get(power).into_iter().for_each(|given| may.extend(&self.holders.of_all(given)));
        };
        match power {
            Power::Privilege { privilege, grantable, on } => {
                let either = [true, *grantable];
                for on in wider(on).iter().chain([on]) {
                    for grantable in either {
                        let privilege = privilege.clone();
                        add_given(&Power::Privilege { privilege, grantable, on: on.clone() });
                    }
                }
                let owns = self.catalog.owner(on).filter(|_| !self.owner_lacks(on, privilege));
                if let Some(owner) = owns.and_then(|owner| self.number_of(owner)) {
                    may.extend(self.holders.of_number(owner));
                }
            }
            Power::ToCome { privilege, grantable, rule } => {
                let every = DefaultPrivileges { schema: None, ..rule.clone() };
                let gives = |grant: &Grant| grant.privilege == *privilege && (grant.grantable || !grantable);
                for rule in [rule, &every] {
                    for grant in self.catalog.defaults(rule).iter().filter(|grant| gives(grant)) {
                        let number = self.everybody.number(&grant.grantee);
                        if let Some(number) = number {
                            may.extend(self.holders.of_number(number));
                        }
                    }
                }
            }
            Power::Reach { privilege, relation } => {
                let key = (relation.clone(), privilege.clone());
                for reached in [&self.reached, &self.reached_as_superuser, &self.reached_as_owner] {
                    reached.get(&key).into_iter().for_each(|who| may.extend(who));
                }
                may.extend(&self.uses(relation, privilege));
            }
            Power::Superuser => may.extend(&self.as_superusers),
            Power::Ownership(_)
            | Power::System(_)
            | Power::Membership(_)
            | Power::GrantRole(_)
            | Power::AssumeRole { .. }
            | Power::CreateDatabase
            | Power::UnrestrictedSyslogAccess => add_given(power),
        }
        may
    }

    fn owner_lacks(&self, on: &Securable, privilege: &Privilege) -> bool {
        let whole = match on {
            Securable::Column(relation, _) => Securable::Relation(relation.clone()),
            other => other.clone(),
        };
        self.catalog.owner_lacks(&whole, privilege)
    }

    /// Who holds a privilege on an object.
    pub fn holds(&self, privilege: &Privilege, on: &Securable) -> Bits {
        let (privilege, on) = (privilege.clone(), on.clone());
        self.may_without_superusers(&Power::Privilege { privilege, grantable: false, on })
    }

    /// Who holds a privilege on a relation, and finds it.
    pub fn uses(&self, relation: &QualifiedName, privilege: &Privilege) -> Bits {
        self.may_use(privilege, &Securable::Relation(relation.clone()))
    }

    /// Who holds a privilege on an object, and finds it in its schema. To come to find what one owns is no gain, and neither is it for who
    /// was given the privilege on all that the database has or will have.
    fn may_use(&self, privilege: &Privilege, on: &Securable) -> Bits {
        let holds = self.holds(privilege, on);
        let Some(schema) = on.schema().filter(|_| self.usage == Usage::Needed) else { return holds };
        let mut finds = self.finds(schema);
        let everywhere = wider(on).into_iter().filter(|on| matches!(on, Securable::EveryInDatabase(_)));
        everywhere.for_each(|on| finds.extend(&self.holds(privilege, &on)));
        if let Some(owner) = self.catalog.owner(on).and_then(|owner| self.number_of(owner)) {
            finds.extend(self.holders.of_number(owner));
        }
        holds.and(&finds)
    }

    /// Who finds what lies in a schema. One that the catalog does not list is not asked.
    pub fn finds(&self, schema: &Identifier) -> Bits {
        if self.usage == Usage::Ignored || !self.catalog.schemas.contains_key(schema) {
            return self.everybody.select(|_| true);
        }
        self.holds(&Privilege::Usage, &Securable::Schema(schema.clone()))
    }

    /// Who may do something with at least one column of a relation.
    fn uses_a_column(&self, relation: &QualifiedName, privilege: &Privilege) -> Bits {
        let given = self.given_on_columns(relation).iter();
        let given = given
            .filter(|power| matches!(power, Power::Privilege { privilege: own, .. } if own == privilege));
        let mut may = Bits::default();
        given.for_each(|power| may.extend(&self.holders.of_all(&self.given[power])));
        may
    }

    /// The privileges on columns of a relation that somebody is given.
    pub fn given_on_columns(&self, relation: &QualifiedName) -> &[Power] {
        self.given_on_columns.get(relation).map(Vec::as_slice).unwrap_or_default()
    }
}

/// On what else a privilege gives the same on this.
fn wider(on: &Securable) -> Vec<Securable> {
    let every = |kind: ObjectKind, schema: &Identifier| {
        vec![Securable::EveryInSchema(kind, schema.clone()), Securable::EveryInDatabase(kind)]
    };
    match on {
        Securable::Relation(name) => every(ObjectKind::Tables, &name.schema),
        Securable::Column(name, _) => {
            let whole = Securable::Relation(name.clone());
            every(ObjectKind::Tables, &name.schema).into_iter().chain([whole]).collect()
        }
        // A permission for functions is one for procedures, too (`r_GRANT`, `t_scoped-permissions`).
        Securable::Routine(name) => {
            ROUTINES.iter().flat_map(|kind| every(*kind, &name.name.schema)).collect()
        }
        Securable::Schema(_) => vec![Securable::EveryInDatabase(ObjectKind::Schemas)],
        Securable::EveryInSchema(kind, schema) if ROUTINES.contains(kind) => {
            ROUTINES.iter().flat_map(|kind| every(*kind, schema)).filter(|wider| wider != on).collect()
        }
        Securable::EveryInSchema(kind, _) => vec![Securable::EveryInDatabase(*kind)],
        Securable::EveryInDatabase(kind) if ROUTINES.contains(kind) => {
            ROUTINES.map(Securable::EveryInDatabase).into_iter().filter(|wider| wider != on).collect()
        }
        Securable::Language(_) => vec![Securable::EveryInDatabase(ObjectKind::Languages)],
        Securable::Database | Securable::EveryInDatabase(_) => Vec::new(),
    }
}

fn knows(catalog: &Catalog, name: &Grantee) -> bool {
    match name {
        Grantee::Public => true,
        Grantee::User(name) => catalog.users.contains_key(name),
        Grantee::Group(name) => catalog.groups.contains_key(name),
        Grantee::Role(name) => catalog.roles.contains_key(name),
    }
}

/// To whom a catalog gives what directly.
fn given(catalog: &Catalog, everybody: &Everybody) -> BTreeMap<Power, Bits> {
    let mut given: BTreeMap<Power, Bits> = BTreeMap::new();
    let mut add = |power: Power, to: &Grantee| {
        if let Some(number) = everybody.number(to) {
            given.entry(power).or_default().insert(number);
        }
    };
    for (name, user) in &catalog.users {
        let to = Grantee::User(name.clone());
        let options = [
            (user.superuser, Power::Superuser),
            (user.create_database, Power::CreateDatabase),
            (user.unrestricted_syslog_access, Power::UnrestrictedSyslogAccess),
        ];
        options.into_iter().filter(|(has, _)| *has).for_each(|(_, power)| add(power, &to));
    }
    for (name, group) in &catalog.groups {
        let of = Grantee::Group(name.clone());
        for member in &group.members {
            add(Power::Membership(of.clone()), &Grantee::User(member.clone()));
        }
    }
    for (name, role) in &catalog.roles {
        let of = Grantee::Role(name.clone());
        let users = role.users.keys().cloned().map(Grantee::User);
        for holder in users.chain(role.roles.iter().cloned().map(Grantee::Role)) {
            add(Power::Membership(of.clone()), &holder);
        }
        let admins = role.users.iter().filter(|(_, admin)| **admin).map(|(user, _)| user);
        for admin in admins.chain([&role.owner]) {
            add(Power::GrantRole(name.clone()), &Grantee::User(admin.clone()));
        }
    }
    for securable in catalog.securables() {
        if let Some(owner) = catalog.owner(&securable).cloned() {
            add(Power::Ownership(securable), &Grantee::User(owner));
        }
    }
    for (on, grants) in &catalog.grants {
        let counts = |grant: &&Grant| !grant.privilege.allows_nothing() && !grant.is_there_from_the_start(on);
        for Grant { grantee, privilege, grantable } in grants.iter().filter(counts) {
            let (privilege, grantable) = (privilege.clone(), *grantable);
            add(Power::Privilege { privilege, grantable, on: on.clone() }, grantee);
        }
    }
    for (grantee, privileges) in &catalog.system_privileges {
        for privilege in privileges {
            add(Power::System(privilege.clone()), grantee);
        }
    }
    for (rule, grants) in &catalog.default_privileges {
        for Grant { grantee, privilege, grantable } in
            grants.iter().filter(|grant| !grant.privilege.allows_nothing())
        {
            let (privilege, grantable) = (privilege.clone(), *grantable);
            add(Power::ToCome { privilege, grantable, rule: rule.clone() }, grantee);
        }
    }
    for entry in &catalog.assume_role {
        add(Power::assume(entry), &entry.grantee);
    }
    given
}

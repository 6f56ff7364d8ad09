//! Whether the rows of a table, once they are on the target, would be seen by more than on the source. Privileges and policies may have changed
//! since the schema job, on either side.

use super::bits::Bits;
use super::effective::{Acting, Effective, Names, to_use};
use super::finding::{Finding, Power};
use super::holders::Everybody;
use crate::catalog::{Catalog, Grantee, Privilege, Securable, SystemPrivilege};
use crate::name::{Identifier, QualifiedName};
use crate::plan::{Policy, Texts};
use crate::scope::Scope;
use crate::words::list;
use std::collections::{BTreeMap, BTreeSet};

/// Why a table's rows must not arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exposed {
    /// The target lets somebody see or take them, and the source does not.
    To(Finding),
    /// The source hides rows or values by policies that the target lacks, where others may read.
    Unguarded {
        /// The policies that the target lacks, or has in another way; none where it is row-level security that is off.
        policies: BTreeSet<Identifier>,
    },
    /// A view or procedure through which others see the table is another on the target, or stands over something that is.
    Otherwise {
        /// The view or procedure.
        by: Securable,
        /// Who may use it there, and may not read the table itself on the source.
        principal: Grantee,
    },
}

/// For people to read.
impl std::fmt::Display for Exposed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::To(finding) => write!(f, "the target gives {}, and the source does not", finding.plain()),
            Self::Unguarded { policies } if policies.is_empty() => f.write_str(
                "row-level security is on on the source and off on the target, where others may read it",
            ),
            Self::Unguarded { policies } => {
                let policies = list(policies.iter().map(Identifier::as_str));
                write!(f, "the policies {policies} are not as on the source, and others may read it there")
            }
            Self::Otherwise { by, principal } => write!(
                f,
                "{} shows it to {}, and is another on the target than on the source, or reads or calls something that is",
                by.plain(),
                principal.plain()
            ),
        }
    }
}

/// What lets somebody see rows, or learn of them: UPDATE and DELETE by their conditions. ALTER is among them to be careful.
const SHOWS: [Privilege; 4] = [Privilege::Select, Privilege::Update, Privilege::Delete, Privilege::Alter];

/// The tables of these schemas that are on both sides, whose rows more could see on the target. What lies outside the schemas there is
/// the schema job's to list, and so is a table whose owner is not on the target.
pub fn exposed(
    source: &Catalog,
    target: &Catalog,
    schemas: &[Identifier],
) -> BTreeMap<QualifiedName, Vec<Exposed>> {
    let scope = Scope {
        schemas: schemas.iter().cloned().collect(),
        users: BTreeSet::new(),
        groups: BTreeSet::new(),
        roles: BTreeSet::new(),
    };
    let everybody = Everybody::of([source, target]);
    let names = Names::of([source, target]);
    let acting = |catalog| Acting::of(catalog, &names, &scope).within(&scope);
    let side = |catalog, acting| Effective::of_tenant(catalog, &everybody, acting, &scope);
    let policy = Policy::default();
    let texts = Texts::of(source, target, &scope, &policy);
    let acting_there = acting(target);
    let (here, there) = (side(source, &acting(source)), side(target, &acting_there));
    let mut others: BTreeMap<QualifiedName, Vec<Securable>> = BTreeMap::new();
    for (by, tables) in acting_there.shown().filter(|(by, _)| texts.acts_otherwise(by)) {
        for table in tables {
            others.entry(table).or_default().push(by.clone());
        }
    }
    let sides = Sides { everybody: &everybody, here, there, texts: &texts, others };
    let tables = source.tables.keys().filter(|name| scope.holds(name) && target.tables.contains_key(name));
    let exposed = tables.map(|name| (name.clone(), sides.exposed(name)));
    exposed.filter(|(_, exposed)| !exposed.is_empty()).collect()
}

struct Sides<'a> {
    everybody: &'a Everybody,
    here: Effective<'a>,
    there: Effective<'a>,
    texts: &'a Texts<'a>,
    /// What shows each table on the target and is another there than on the source.
    others: BTreeMap<QualifiedName, Vec<Securable>>,
}

impl Sides<'_> {
    fn exposed(&self, name: &QualifiedName) -> Vec<Exposed> {
        let on = Securable::Relation(name.clone());
        let stays_with = self.stays_with(name);
        let reach = |privilege| Power::Reach { privilege, relation: name.clone() };
        let mut powers: BTreeSet<Power> = SHOWS.map(reach).into();
        powers.extend(SHOWS.map(|privilege| Power::Privilege {
            privilege,
            grantable: false,
            on: on.clone(),
        }));
        let of_columns = self.there.given_on_columns(name).iter();
        let shows =
            |power: &&Power| matches!(power, Power::Privilege { privilege, .. } if SHOWS.contains(privilege));
        powers.extend(of_columns.filter(shows).cloned());
        if self.here.catalog.policies.row_security.get(name).is_some_and(|rows| rows.on) {
            powers.insert(Power::System(SystemPrivilege::IGNORE_RLS));
        }
        let mut readers = Bits::default();
        let mut exposed = Vec::new();
        for power in powers {
            let may = self.there.may_without_superusers(&power);
            readers.extend(&may);
            let mut could = self.here.may(&power);
            could.extend(&self.there.as_superusers);
            could.extend(&stays_with);
            let won: Vec<usize> = may.without(&could).collect();
            exposed.extend(self.there.holders.first(&won, None).map(|number| {
                let principal = self.everybody.name(number).clone();
                Exposed::To(Finding { power: power.clone(), principal })
            }));
        }
        if readers.without(&self.there.as_superusers).next().is_some() {
            exposed.extend(self.unguarded(name));
        }
        exposed.extend(self.shown_otherwise(name, &stays_with));
        exposed
    }

    /// By what others see the table on the target otherwise than on the source.
    fn shown_otherwise(&self, name: &QualifiedName, stays_with: &Bits) -> Vec<Exposed> {
        // Who may read all of it on the source sees nothing new.
        let mut could = self.here.holds(&Privilege::Select, &Securable::Relation(name.clone()));
        could.extend(&self.here.as_superusers);
        could.extend(&self.there.as_superusers);
        could.extend(stays_with);
        let others = self.others.get(name).into_iter().flatten();
        let exposed = others.flat_map(|by| {
            let won: Vec<usize> = self.there.holds(&to_use(by), by).without(&could).collect();
            let first =
                self.there.holders.first(&won, None).map(|number| self.everybody.name(number).clone());
            first.map(|principal| Exposed::Otherwise { by: by.clone(), principal }).collect::<Vec<_>>()
        });
        exposed.collect()
    }

    /// Who owns a table on the target whose owner on the source is not there: the schema job has listed it as one that stays with its
    /// owner.
    fn stays_with(&self, name: &QualifiedName) -> Bits {
        let on = Securable::Relation(name.clone());
        let owner = self.here.catalog.owner(&on).cloned().map(Grantee::User);
        let number = owner.and_then(|owner| self.everybody.number(&owner));
        if number.is_some_and(|number| self.there.known.contains(number)) {
            return Bits::default();
        }
        self.there.may_without_superusers(&Power::Ownership(on))
    }

    /// What the source's policies hide, and the target's do not.
    fn unguarded(&self, name: &QualifiedName) -> Option<Exposed> {
        let (here, there) = (&self.here.catalog.policies, &self.there.catalog.policies);
        let known =
            |grantee| self.everybody.number(grantee).is_some_and(|number| self.there.known.contains(number));
        let (rows, rows_there) = (here.row_security.get(name), there.row_security.get(name));
        let is_on = rows.is_some_and(|rows| rows.on);
        let mut policies = BTreeSet::new();
        if let Some(rows) = rows.filter(|_| is_on) {
            let own: BTreeSet<_> = rows.policies.iter().filter(|own| known(&own.grantee)).collect();
            let other: BTreeSet<_> = rows_there.into_iter().flat_map(|there| &there.policies).collect();
            // One policy more shows more rows, where several go together by OR, or to who had none.
            policies.extend(own.symmetric_difference(&other).map(|own| own.policy.clone()));
            let differs = |policy: &&Identifier| {
                let own = here.row_policies.get(*policy);
                own != there.row_policies.get(*policy)
                    || own.is_some_and(|own| self.texts.another_in_policy(&own.predicate).is_some())
            };
            let conjoins = rows_there.is_none_or(|there| there.conjunction != rows.conjunction);
            let attached = own.iter().map(|own| &own.policy);
            policies.extend(attached.filter(|policy| conjoins || differs(policy)).cloned());
        }
        let own: BTreeSet<_> =
            here.masks.get(name).into_iter().flatten().filter(|own| known(&own.grantee)).collect();
        if !own.is_empty() {
            let other: BTreeSet<_> = there.masks.get(name).into_iter().flatten().collect();
            // One mask more may come before another by its priority (`t_ddm-hierarchy`).
            policies.extend(own.symmetric_difference(&other).map(|own| own.policy.clone()));
            let differs = |policy: &&Identifier| {
                let own = here.masking_policies.get(*policy);
                own != there.masking_policies.get(*policy)
                    || own.is_some_and(|own| self.texts.another_in_policy(&own.expression).is_some())
            };
            policies.extend(own.iter().map(|own| &own.policy).filter(differs).cloned());
        }
        let is_off = is_on && !rows_there.is_some_and(|there| there.on);
        (is_off || !policies.is_empty()).then_some(Exposed::Unguarded { policies })
    }
}

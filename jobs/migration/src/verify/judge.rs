//! Whether anybody can do more on the target than before, and what the tenant's principals can do no more.

use super::bits::Bits;
use super::effective::{Effective, Names, Reached, Usage};
use super::finding::{Finding, Power};
use super::holders::Everybody;
use super::missing;
use crate::catalog::{Catalog, ObjectKind, Privilege, Securable};
use crate::name::Identifier;
use crate::scope::Scope;
use std::collections::BTreeSet;

/// How what everybody can do on the target differs from what they could.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// What the source gives and the target does not, to principals and on objects that are on the target.
    pub missing: BTreeSet<Finding>,
    /// What the target gives, and neither the source gives nor the target gave.
    pub added: BTreeSet<Finding>,
    /// What was judged.
    pub judged: Judged,
}

/// How much was judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// How many users, groups and roles, with PUBLIC.
    pub principals: usize,
    /// How many schemas, relations and routines of the target.
    pub objects: usize,
}

/// Compares what everybody can do on the target, as it is `after` a run, with what they can do on the source or could do on the
/// target `before` it.
///
/// The source counts for what belongs to the tenant and for what is the whole warehouse's. What lies outside the tenant on the target may be another
/// tenant's, whatever its name: for that the source counts only where it grants by name, and not what acts for a superuser there.
pub fn judge(source: &Catalog, before: &Catalog, after: &Catalog, scope: &Scope) -> Judgement {
    let everybody = Everybody::of([source, before, after]);
    let judge = Judge::of(&everybody, source, before, after, scope);
    let missing = missing::missing(&everybody, scope, &judge.source, &judge.after);
    let judged = Judged { principals: everybody.count(), objects: after.securables().count() };
    Judgement { missing, added: judge.added(), judged }
}

/// Which of these findings of an earlier start still hold: the target gives it, and the source does not. What was found then stood on the
/// target when this start looked first, and so is no gain by comparison.
pub(super) fn still_added(
    source: &Catalog,
    after: &Catalog,
    scope: &Scope,
    findings: &[Finding],
) -> BTreeSet<Finding> {
    let nothing = Catalog::default();
    let everybody = Everybody::of([source, after]);
    let judge = Judge::of(&everybody, source, &nothing, after, scope);
    findings.iter().filter(|finding| judge.still_gives(finding)).cloned().collect()
}

struct Judge<'a> {
    everybody: &'a Everybody,
    scope: &'a Scope,
    source: Effective<'a>,
    before: Effective<'a>,
    after: Effective<'a>,
}

/// Whose something is.
enum Place {
    /// The tenant's, on both sides.
    Tenant,
    /// The whole warehouse's, as a right to create schemas is.
    Warehouse,
    /// Perhaps another tenant's.
    Outside,
    /// Only the target has it, or it reaches all that the target has.
    TargetOnly,
}

impl<'a> Judge<'a> {
    fn of(
        everybody: &'a Everybody,
        source: &'a Catalog,
        before: &'a Catalog,
        after: &'a Catalog,
        scope: &'a Scope,
    ) -> Self {
        let names = Names::of([source, before, after]);
        let side = |catalog, usage| Effective::of(catalog, everybody, &names, scope, usage);
        let source = side(source, Usage::Ignored);
        let (before, after) = (side(before, Usage::Needed), side(after, Usage::Needed));
        Self { everybody, scope, source, before, after }
    }

    fn added(&self) -> BTreeSet<Finding> {
        let mut found = BTreeSet::new();
        self.superusers(&mut found);
        for (power, given) in self.after.given.iter().filter(|(power, _)| **power != Power::Superuser) {
            let may = self.after.holders.of_all(given);
            self.check(power, &may, Some(given), &mut found);
            if let Power::Privilege { privilege, on, .. } = power {
                for on in self.reached_on_target_only(on).into_iter().filter(|on| privilege.is_on(on)) {
                    let power = Power::Privilege { privilege: privilege.clone(), grantable: false, on };
                    self.check(&power, &may, Some(given), &mut found);
                }
            }
        }
        self.owners(&mut found);
        self.found_in_schemas(&mut found);
        for (power, may) in self.reached(&self.after.reached) {
            self.check(&power, may, None, &mut found);
        }
        for (power, may) in self.reached(&self.after.reached_as_superuser) {
            let mut could = self.before.may(&power);
            if matches!(self.place(&power), Place::Tenant) {
                could.extend(&self.on_source(&power));
            }
            self.report(&power, may, &could, None, &mut found);
        }
        found
    }

    /// Whether the target gives it now, and the source does not.
    fn still_gives(&self, Finding { power, principal }: &Finding) -> bool {
        let Some(number) = self.everybody.number(principal) else { return false };
        match power {
            Power::Superuser => {
                self.after.as_superusers.contains(number) && !self.source.superusers.contains(number)
            }
            power => {
                let gives = self.after.may_without_superusers(power).contains(number);
                gives && !self.on_source(power).contains(number)
            }
        }
    }

    /// Who comes to find what the target's privileges allowed already, by USAGE of the schema that it lies in.
    fn found_in_schemas(&self, found: &mut BTreeSet<Finding>) {
        let (before, after) = (self.before.catalog, self.after.catalog);
        let relations = before.tables.keys().chain(before.views.keys());
        let mut relations: Vec<_> = relations.chain(before.materialized_views.keys()).collect();
        relations.retain(|name| after.relation(name).is_some());
        for schema in before.schemas.keys().filter(|schema| after.schemas.contains_key(*schema)) {
            if self.after.finds(schema).without(&self.before.finds(schema)).next().is_none() {
                continue;
            }
            for relation in relations.iter().filter(|name| name.schema == *schema) {
                for privilege in [Privilege::Select, Privilege::Insert, Privilege::Update, Privilege::Delete]
                {
                    let may = self.after.uses(relation, &privilege);
                    let power = Power::Reach { privilege, relation: (*relation).clone() };
                    self.check(&power, &may, None, found);
                }
            }
        }
    }

    /// What is reached of relations that are on the target.
    fn reached<'s>(&'s self, reached: &'s Reached) -> impl Iterator<Item = (Power, &'s Bits)> {
        let there =
            reached.iter().filter(|((relation, _), _)| self.after.catalog.relation(relation).is_some());
        there.map(|((relation, privilege), who)| {
            let (relation, privilege) = (relation.clone(), privilege.clone());
            (Power::Reach { privilege, relation }, who)
        })
    }

    /// Only a superuser of the source by option or role may be one: what runs any statement for one there does so on its objects.
    fn superusers(&self, found: &mut BTreeSet<Finding>) {
        let mut could = self.before.as_superusers.clone();
        could.extend(&self.source.superusers);
        let won: Vec<usize> = self.after.as_superusers.without(&could).collect();
        self.tell(&Power::Superuser, &won, None, found);
    }

    /// An owner may do everything with its object but what it took from itself on the source.
    fn owners(&self, found: &mut BTreeSet<Finding>) {
        let source = self.source.catalog;
        for (on, privileges) in
            source.revoked_from_owners.iter().filter(|(on, _)| self.scope.holds_securable(on))
        {
            for privilege in privileges.iter().filter(|_| self.after.catalog.owner(on).is_some()) {
                let (privilege, on) = (privilege.clone(), on.clone());
                let power = Power::Privilege { privilege, grantable: false, on };
                let may = self.after.may_without_superusers(&power);
                self.check(&power, &may, None, found);
            }
        }
    }

    /// Objects and columns that only the target has, and that a privilege on this reaches.
    fn reached_on_target_only(&self, on: &Securable) -> Vec<Securable> {
        match on {
            Securable::EveryInSchema(kind, schema) => self.target_only(*kind, Some(schema)),
            Securable::EveryInDatabase(kind) => self.target_only(*kind, None),
            Securable::Relation(name) if self.scope.holds(name) => {
                let table = self.after.catalog.tables.get(name);
                let columns = table.into_iter().flat_map(|table| &table.columns);
                let columns = columns.map(|column| Securable::Column(name.clone(), column.name.clone()));
                columns.filter(|on| self.is_target_only(on)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn target_only(&self, kind: ObjectKind, schema: Option<&Identifier>) -> Vec<Securable> {
        let is_of_kind = |on: &Securable| match (on, kind) {
            // A permission for functions is one for procedures, too (`r_GRANT`).
            (Securable::Relation(_), ObjectKind::Tables)
            | (Securable::Schema(_), ObjectKind::Schemas)
            | (Securable::Routine(_), ObjectKind::Functions | ObjectKind::Procedures) => true,
            _ => false,
        };
        let there = self.after.catalog.securables();
        let there = there.filter(|on| schema.is_none_or(|schema| on.schema() == Some(schema)));
        there.filter(|on| is_of_kind(on) && self.is_target_only(on)).collect()
    }

    fn is_target_only(&self, on: &Securable) -> bool {
        let source = self.source.catalog;
        match on {
            Securable::Column(name, column) => {
                let table = source.tables.get(name);
                table.is_some_and(|table| table.columns.iter().all(|there| there.name != *column))
            }
            _ => source.owner(on).is_none(),
        }
    }

    /// Whose it is that a power is over.
    fn place(&self, power: &Power) -> Place {
        let of = |schema: &Identifier| {
            if self.scope.schemas.contains(schema) { Place::Tenant } else { Place::Outside }
        };
        match power {
            Power::Privilege { on: Securable::EveryInDatabase(_), .. } => Place::TargetOnly,
            Power::Privilege { on: on @ Securable::Column(..), .. } if self.is_target_only(on) => {
                Place::TargetOnly
            }
            Power::Privilege { on, .. } | Power::Ownership(on) => match (on, on.schema()) {
                (_, None) => Place::Warehouse,
                (Securable::EveryInSchema(..) | Securable::Column(..), Some(schema)) => of(schema),
                (_, Some(schema)) if self.scope.schemas.contains(schema) && self.is_target_only(on) => {
                    Place::TargetOnly
                }
                (_, Some(schema)) => of(schema),
            },
            Power::Reach { relation, .. } => of(&relation.schema),
            Power::ToCome { rule, .. } => rule.schema.as_ref().map_or(Place::Outside, of),
            Power::System(_)
            | Power::Membership(_)
            | Power::GrantRole(_)
            | Power::AssumeRole { .. }
            | Power::CreateDatabase
            | Power::UnrestrictedSyslogAccess
            | Power::Superuser => Place::Warehouse,
        }
    }

    /// Who can do it on the source, as far as that counts.
    fn on_source(&self, power: &Power) -> Bits {
        match self.place(power) {
            Place::Tenant | Place::Warehouse => self.source.may(power),
            Place::Outside => self.source.may_without_superusers(power),
            Place::TargetOnly => self.owner_on_source(power),
        }
    }

    /// The owner of a table on the source may do everything with the target's columns of it.
    fn owner_on_source(&self, power: &Power) -> Bits {
        match power {
            Power::Privilege { on: Securable::Column(relation, _), .. } => {
                self.source.may(&Power::Ownership(Securable::Relation(relation.clone())))
            }
            _ => Bits::default(),
        }
    }

    /// Finds who of these could not do it before.
    fn check(&self, power: &Power, may: &Bits, given: Option<&Bits>, found: &mut BTreeSet<Finding>) {
        let mut could = self.before.may(power);
        could.extend(&self.on_source(power));
        if let Power::Membership(of) = power {
            // Who acts as a member is one; of itself that says nothing.
            self.everybody.number(of).into_iter().for_each(|number| could.insert(number));
        }
        self.report(power, may, &could, given, found);
    }

    fn report(
        &self,
        power: &Power,
        may: &Bits,
        could: &Bits,
        given: Option<&Bits>,
        found: &mut BTreeSet<Finding>,
    ) {
        let won = may.without(could).filter(|number| !self.after.as_superusers.contains(*number));
        let won: Vec<usize> = won.collect();
        self.tell(power, &won, given, found);
    }

    fn tell(&self, power: &Power, won: &[usize], given: Option<&Bits>, found: &mut BTreeSet<Finding>) {
        let principals =
            self.after.holders.first(won, given).map(|number| self.everybody.name(number).clone());
        found.extend(principals.map(|principal| Finding { power: power.clone(), principal }));
    }
}

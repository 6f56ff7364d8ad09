//! What acts with its owner's privileges, and what can be reached by way of it.
//!
//! A view reads with its owner's privileges (`r_CREATE_VIEW`), a materialized view is filled with them
//! (`materialized-view-create-sql-command`), and a procedure with SECURITY DEFINER runs with them
//! (`stored-procedure-security-and-privileges`). Who may use one of these needs no privilege on what it names.

use super::Effective;
use crate::catalog::{Catalog, Grantee, Privilege, RoutineKind, RoutineName, Securable};
use crate::name::{Identifier, QualifiedName};
use crate::scope::Scope;
use crate::text::{Mention, Reading, mentions, reaches_beyond_names};
use crate::verify::bits::Bits;
use std::collections::{BTreeMap, BTreeSet};

/// Who can do what with which relation, by way of others.
pub(in crate::verify) type Reached = BTreeMap<(QualifiedName, Privilege), Bits>;

/// What a procedure may do with rows.
const ACTS: [Privilege; 4] = [Privilege::Select, Privilege::Insert, Privilege::Update, Privilege::Delete];

/// The relations of some catalogs by their bare names: a text may name one of any of them.
#[derive(Default)]
pub(in crate::verify) struct Names(BTreeMap<Identifier, BTreeSet<QualifiedName>>);

impl Names {
    /// Collects them.
    pub fn of<'a>(catalogs: impl IntoIterator<Item = &'a Catalog>) -> Self {
        let mut names = Self::default();
        for catalog in catalogs {
            let relations = catalog.tables.keys().chain(catalog.views.keys());
            for name in relations.chain(catalog.materialized_views.keys()) {
                names.0.entry(name.name.clone()).or_default().insert(name.clone());
            }
        }
        names
    }

    /// What a mention may be of: of a bare name the `search_path` decides as the text runs, so it may be any.
    fn may_be<'n>(&'n self, mention: &'n Mention) -> impl Iterator<Item = &'n QualifiedName> + 'n {
        self.0.get(&mention.name).into_iter().flatten().filter(|name| mention.may_be(name))
    }
}

/// A view, a materialized view, or a procedure with SECURITY DEFINER.
struct Actor<'a> {
    owner: &'a Identifier,
    /// The relations that it may name.
    names: BTreeSet<QualifiedName>,
    /// The procedures that it may call and that act for their own owners.
    calls: BTreeSet<RoutineName>,
    /// Whether it looks its names up as it runs, and so needs USAGE of their schemas: what a view reads is looked up as it is created,
    /// but for a late-binding one (`r_CREATE_VIEW`).
    by_name: bool,
    /// Whether it runs statements that it puts together (`c_PLpgSQL-statements`), or that act on more than relations: then no name tells what
    /// they reach.
    any_statement: bool,
    is_procedure: bool,
}

/// All of a catalog that acts for its owner.
pub(in crate::verify) struct Acting<'a>(BTreeMap<Securable, Actor<'a>>);

impl<'a> Acting<'a> {
    /// Finds it.
    pub fn of(catalog: &'a Catalog, names: &Names, scope: &Scope) -> Self {
        let mut actors = BTreeMap::new();
        for (name, view) in &catalog.views {
            let mut read = view.reads.clone();
            let by_name = view.late_binding();
            if by_name {
                let words = mentions(&view.definition, Reading::Sql);
                let qualified = words.iter().filter(|mention| mention.schema.is_some());
                read.extend(qualified.flat_map(|mention| names.may_be(mention)).cloned());
                read.remove(name); // Its own text begins with its name.
            }
            let actor = Actor {
                owner: &view.owner,
                names: read,
                calls: BTreeSet::new(),
                by_name,
                any_statement: false,
                is_procedure: false,
            };
            actors.insert(Securable::Relation(name.clone()), actor);
        }
        for (name, view) in &catalog.materialized_views {
            let actor = Actor {
                owner: &view.owner,
                names: view.reads.clone(),
                calls: BTreeSet::new(),
                by_name: false,
                any_statement: false,
                is_procedure: false,
            };
            actors.insert(Securable::Relation(name.clone()), actor);
        }
        let procedures = Procedures::of(catalog, names, scope);
        for (name, routine) in catalog.routines.iter().filter(|(_, routine)| routine.security_definer) {
            let Body { names, any_statement, calls: _ } = procedures.run_by(name);
            let calls = procedures.definers_called_by(name);
            let owner = &routine.owner;
            let actor = Actor { owner, names, calls, by_name: true, any_statement, is_procedure: true };
            actors.insert(Securable::Routine(name.clone()), actor);
        }
        Self(actors)
    }

    /// What of it belongs to the tenant.
    pub fn within(mut self, scope: &Scope) -> Self {
        self.0.retain(|on, _| scope.holds_securable(on));
        self
    }

    /// What each of it names, by way of others too.
    pub fn shown(&self) -> impl Iterator<Item = (Securable, BTreeSet<QualifiedName>)> + '_ {
        self.0.keys().map(|on| {
            let (mut shown, mut open) = (BTreeSet::new(), vec![on.clone()]);
            let mut seen = BTreeSet::from([on.clone()]);
            while let Some(actor) = open.pop().and_then(|on| self.0.get(&on)) {
                let relations = actor.names.iter().cloned().map(Securable::Relation);
                let called = actor.calls.iter().cloned().map(Securable::Routine);
                open.extend(relations.chain(called).filter(|next| seen.insert(next.clone())));
                shown.extend(actor.names.iter().cloned());
            }
            (on.clone(), shown)
        })
    }

    /// The procedures that run any statement, each with its owner.
    pub fn of_any_statement(&self) -> impl Iterator<Item = (&RoutineName, &'a Identifier)> {
        self.0.iter().filter(|(_, actor)| actor.any_statement).filter_map(|(on, actor)| match on {
            Securable::Routine(name) => Some((name, actor.owner)),
            _ => None,
        })
    }

    /// Who reaches which relation by way of what acts for ordinary users, and of what acts for superusers; and who may use these and
    /// acts as their owner. What lies behind a view outside the tenant is for its owner to show, but for what the tenant has.
    pub fn reached(&self, effective: &Effective, scope: &Scope) -> [Reached; 3] {
        let [mut ordinary, mut superusers, mut as_owners] = [Reached::new(), Reached::new(), Reached::new()];
        for (on, actor) in &self.0 {
            let users = effective.may_use(&to_use(on), on);
            // What its owner may needs no way round.
            let owners = effective.number_of(actor.owner).map(|owner| effective.holders.of_number(owner));
            let others = owners.map_or_else(|| users.clone(), |owners| users.minus(owners));
            let owning = users.minus(&others);
            let (mut seen, mut open) = (BTreeSet::from([on.clone()]), vec![(actor, false)]);
            while let Some((actor, ours_only)) = open.pop() {
                let owner = effective.everybody.number(&Grantee::User(actor.owner.clone()));
                let is_superuser = owner.is_some_and(|owner| effective.as_superusers.contains(owner));
                for called in &actor.calls {
                    let on = Securable::Routine(called.clone());
                    let may = is_superuser
                        || owner
                            .is_some_and(|owner| effective.may_use(&Privilege::Execute, &on).contains(owner));
                    if let Some(next) = self.0.get(&on).filter(|_| may && seen.insert(on)) {
                        open.push((next, ours_only));
                    }
                }
                // A view only reads.
                let acts = if actor.is_procedure { &ACTS[..] } else { &ACTS[..1] };
                for name in &actor.names {
                    let on = Securable::Relation(name.clone());
                    let may = |privilege: &Privilege| {
                        is_superuser
                            || owner.is_some_and(|owner| {
                                let finds = !actor.by_name || effective.finds(&name.schema).contains(owner);
                                finds
                                    && (effective.holds(privilege, &on).contains(owner)
                                        || effective.uses_a_column(name, privilege).contains(owner))
                            })
                    };
                    let is_ours = scope.holds(name);
                    for privilege in acts.iter().filter(|privilege| (is_ours || !ours_only) && may(privilege))
                    {
                        let reached = if is_superuser { &mut superusers } else { &mut ordinary };
                        reached.entry((name.clone(), privilege.clone())).or_default().extend(&others);
                        as_owners.entry((name.clone(), privilege.clone())).or_default().extend(&owning);
                    }
                    if let Some(next) =
                        self.0.get(&on).filter(|_| may(&Privilege::Select) && seen.insert(on.clone()))
                    {
                        open.push((next, ours_only || !is_ours));
                    }
                }
            }
        }
        [ordinary, superusers, as_owners]
    }
}

/// The privilege to use something that acts for its owner.
pub(in crate::verify) fn to_use(on: &Securable) -> Privilege {
    match on {
        Securable::Routine(_) => Privilege::Execute,
        _ => Privilege::Select,
    }
}

/// What the bodies of procedures say.
struct Procedures<'a> {
    catalog: &'a Catalog,
    bodies: BTreeMap<&'a RoutineName, Body>,
}

struct Body {
    names: BTreeSet<QualifiedName>,
    any_statement: bool,
    /// What it calls.
    calls: BTreeSet<Mention>,
}

impl<'a> Procedures<'a> {
    fn of(catalog: &'a Catalog, names: &Names, scope: &Scope) -> Self {
        let procedures = catalog.routines.iter().filter(|(_, own)| own.kind == RoutineKind::Procedure);
        let body = |text: &str| {
            let words = mentions(text, Reading::Body);
            let says = |word: &str| words.iter().any(|mention| mention.name.as_str() == word);
            // The query of UNLOAD is a literal (`r_UNLOAD`).
            let words =
                if says("unload") { mentions(text, Reading::BodyWithLiterals) } else { words.clone() };
            Body {
                names: words.iter().flat_map(|mention| names.may_be(mention)).cloned().collect(),
                any_statement: says("execute")
                    || reaches_beyond_names(text, |schema| scope.schemas.contains(schema)),
                calls: words.iter().filter(|word| word.called).cloned().collect(),
            }
        };
        Self { catalog, bodies: procedures.map(|(name, routine)| (name, body(&routine.body))).collect() }
    }

    /// What runs for a procedure, by way of procedures that it calls and that act for who calls them, too.
    fn run_by(&self, name: &RoutineName) -> Body {
        let mut all = Body { names: BTreeSet::new(), any_statement: false, calls: BTreeSet::new() };
        for name in self.running(name) {
            let Some(body) = self.bodies.get(name) else { continue };
            all.names.extend(body.names.iter().cloned());
            all.any_statement |= body.any_statement;
            all.calls.extend(body.calls.iter().cloned());
        }
        all
    }

    /// The procedures that it may call, by way of others too, and that act for their own owners.
    fn definers_called_by(&self, name: &RoutineName) -> BTreeSet<RoutineName> {
        let calls = self.run_by(name).calls;
        let routines = self.catalog.routines.iter();
        let called = routines.filter(|(other, own)| own.security_definer && may_call(&calls, other));
        called.map(|(other, _)| other.clone()).filter(|other| other != name).collect()
    }

    /// A procedure and those that run for it.
    fn running<'s>(&'s self, name: &'s RoutineName) -> BTreeSet<&'s RoutineName> {
        let (mut seen, mut open) = (BTreeSet::from([name]), vec![name]);
        while let Some(name) = open.pop() {
            let Some(body) = self.bodies.get(name) else { continue };
            let routines = self.catalog.routines.iter();
            let called =
                routines.filter(|(other, own)| !own.security_definer && may_call(&body.calls, other));
            open.extend(called.map(|(other, _)| other).filter(|other| seen.insert(other)));
        }
        seen
    }
}

/// Whether one of these calls may be of a routine: of a bare name the `search_path` decides as the text runs, so it may be of any
/// schema.
fn may_call(calls: &BTreeSet<Mention>, routine: &RoutineName) -> bool {
    calls.iter().any(|call| call.may_be(&routine.name))
}

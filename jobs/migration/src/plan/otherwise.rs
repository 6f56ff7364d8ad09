//! What reads or calls something that the target has with another definition, although no catalog tells so: late-binding views and
//! procedures. Made there, they would do something else than on the source, and might show what the source's hide.

use super::readers::Object;
use super::{Context, Draft, StepId};
use crate::catalog::Language;
use std::collections::{BTreeMap, BTreeSet};

/// Lets them need the steps of such objects, which are absent: they are left out with these. Once views and routines are drafted.
pub(super) fn leave_out(context: &Context, draft: &mut Draft) {
    if !context.texts.differ() {
        return; // Reading the text of every procedure is spared.
    }
    let views = context.source.views.iter().filter(|(_, view)| view.late_binding());
    let routines = context.source.routines.iter();
    let procedures = routines.filter(|(_, routine)| routine.language == Language::Plpgsql);
    let objects = views
        .map(|(name, _)| Object::Relation(name))
        .chain(procedures.map(|(name, _)| Object::Routine(name)));
    let mut needs: BTreeMap<StepId, BTreeSet<StepId>> = objects
        .map(|object| (step(object), context.texts.differing_in(object).map(step).collect()))
        .collect();
    for step in &mut draft.steps {
        let needed = needs.remove(&step.id).unwrap_or_default();
        // What lies outside the tenant has no step; what is granted over it is looked at by itself.
        step.needs.extend(needed.into_iter().filter(|needed| draft.absent.contains(needed)));
    }
}

fn step(object: Object) -> StepId {
    match object {
        Object::Relation(name) => StepId::view(name),
        Object::Routine(name) => StepId::routine(name),
    }
}

#[cfg(test)]
mod tests;

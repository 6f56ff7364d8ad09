//! Steps in an order that their needs allow.

use super::step::{Phase, Stage, Step, StepId};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// Sorts steps by stage, phase and id as far as their needs allow; needs that no step of the plan meets are
/// dropped, since what they name stands on the target already.
///
/// Steps that need each other in a circle come second, never looped over.
pub fn order(steps: Vec<Step>) -> (Vec<Step>, Vec<StepId>) {
    let mut waiting: BTreeMap<StepId, Step> = steps.into_iter().map(|step| (step.id.clone(), step)).collect();
    let ids: Vec<StepId> = waiting.keys().cloned().collect();
    for step in waiting.values_mut() {
        step.needs.retain(|need| *need != step.id && ids.binary_search(need).is_ok());
    }
    let mut unmet: BTreeMap<StepId, usize> = BTreeMap::new();
    let mut dependents: BTreeMap<StepId, Vec<StepId>> = BTreeMap::new();
    for step in waiting.values() {
        unmet.insert(step.id.clone(), step.needs.len());
        for need in &step.needs {
            dependents.entry(need.clone()).or_default().push(step.id.clone());
        }
    }
    let key = |step: &Step| -> Reverse<(Stage, Phase, StepId)> {
        Reverse((step.stage, step.phase, step.id.clone()))
    };
    let mut ready: BinaryHeap<_> = waiting.values().filter(|step| step.needs.is_empty()).map(key).collect();
    let mut ordered = Vec::with_capacity(waiting.len());
    while let Some(Reverse((_, _, id))) = ready.pop() {
        for dependent in dependents.remove(&id).unwrap_or_default() {
            let left = unmet.get_mut(&dependent).expect("every step has an entry");
            *left -= 1;
            if *left == 0 {
                ready.push(key(&waiting[&dependent]));
            }
        }
        ordered.extend(waiting.remove(&id));
    }
    (ordered, waiting.into_keys().collect())
}

#[cfg(test)]
mod tests {
    use super::super::step::Transaction;
    use super::*;

    fn step(name: &str, phase: Phase, needs: &[&str]) -> Step {
        Step {
            id: StepId::new("create", name),
            stage: Stage::BeforeData,
            phase,
            object: name.into(),
            needs: needs.iter().map(|need| StepId::new("create", need)).collect(),
            transaction: Transaction::Batched,
            sql: vec![],
        }
    }

    fn names(steps: &[Step]) -> Vec<&str> {
        steps.iter().map(|step| step.object.as_str()).collect()
    }

    #[test]
    fn needs_come_before_names_and_phases_before_both() {
        let (ordered, circle) = order(vec![
            step("a_view", Phase::Views, &["b_view", "not in the plan"]),
            step("b_view", Phase::Views, &["z_table"]),
            step("z_table", Phase::Tables, &[]),
        ]);
        assert_eq!(names(&ordered), ["z_table", "b_view", "a_view"]);
        assert!(circle.is_empty());
    }

    #[test]
    fn circles_are_reported() {
        let (ordered, circle) = order(vec![
            step("a", Phase::Views, &["b"]),
            step("b", Phase::Views, &["a"]),
            step("c", Phase::Views, &[]),
        ]);
        assert_eq!(names(&ordered), ["c"]);
        assert_eq!(circle.len(), 2);
    }
}

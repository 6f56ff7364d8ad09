//! Order, circles and what is left away, by example and by properties.

use super::super::step::Transaction;
use super::*;
use crate::name::Identifier;
use proptest::prelude::*;

fn id(name: &str) -> StepId {
    StepId::CreateSchema(Identifier::new(name).unwrap())
}

fn step(name: &str, phase: Phase, needs: &[&str]) -> Step {
    Step {
        id: id(name),
        stage: Stage::BeforeData,
        phase,
        object: name.into(),
        needs: needs.iter().map(|need| id(need)).collect(),
        transaction: Transaction::Batched,
        sql: vec![],
    }
}

fn names(steps: &[Step]) -> Vec<&str> {
    steps.iter().map(|step| step.object.as_str()).collect()
}

#[test]
fn needs_come_before_names_and_phases_before_both() {
    let steps = vec![
        step("a_view", Phase::Views, &["b_view", "not in the plan"]),
        step("b_view", Phase::Views, &["z_table"]),
        step("z_table", Phase::Tables, &[]),
    ];
    let ordered = order(steps, &BTreeSet::new());
    assert_eq!(names(&ordered.steps), ["z_table", "b_view", "a_view"]);
    assert!(ordered.circles.is_empty() && ordered.without.is_empty() && ordered.ambiguous.is_empty());
}

#[test]
fn what_needs_a_step_after_the_data_comes_after_the_data_too() {
    let late = Step { stage: Stage::AfterData, ..step("mask", Phase::Policies, &[]) };
    let steps = vec![
        step("all tables", Phase::Rights, &["one table"]),
        late,
        step("one table", Phase::Rights, &["mask"]),
        step("other", Phase::Rights, &[]),
    ];
    let ordered = order(steps, &BTreeSet::new());
    assert_eq!(names(&ordered.steps), ["other", "mask", "one table", "all tables"]);
    let early: Vec<_> = ordered.steps.iter().filter(|step| step.stage == Stage::BeforeData).collect();
    assert_eq!(early.len(), 1);
}

#[test]
fn circles_are_told_from_what_stands_on_them_and_the_rest_is_done() {
    let steps = vec![
        step("a", Phase::Views, &["b"]),
        step("b", Phase::Views, &["a"]),
        step("c", Phase::Views, &["itself", "c"]),
        step("over a", Phase::Views, &["a", "c"]),
        step("over_that", Phase::Views, &["over a"]),
        step("x", Phase::Views, &["z"]),
        step("y", Phase::Views, &["x", "a"]),
        step("z", Phase::Views, &["y"]),
    ];
    let ordered = order(steps, &BTreeSet::new());
    assert_eq!(names(&ordered.steps), ["c"]);
    let circles: Vec<_> = ordered.circles.iter().map(|circle| names(circle)).collect();
    assert_eq!(circles, [vec!["a", "b"], vec!["x", "y", "z"]]);
    let without: Vec<_> =
        ordered.without.iter().map(|(step, cause)| (step.object.as_str(), cause.clone())).collect();
    assert_eq!(without, [("over a", id("a")), ("over_that", id("a"))]);
}

#[test]
fn what_needs_something_that_does_not_come_is_left_away_with_it() {
    let steps = vec![
        step("gone", Phase::Views, &[]),
        step("over", Phase::Views, &["gone"]),
        step("over_that", Phase::Rights, &["over"]),
        step("stays", Phase::Views, &[]),
    ];
    let ordered = order(steps, &BTreeSet::from([id("gone")]));
    assert_eq!(names(&ordered.steps), ["stays"]);
    let without: Vec<_> = ordered.without.iter().map(|(step, cause)| (step.object.as_str(), cause)).collect();
    assert_eq!(without, [("over", &id("gone")), ("over_that", &id("gone"))]);
}

#[test]
fn two_steps_of_one_id_are_told() {
    let steps = vec![step("a", Phase::Views, &[]), step("a", Phase::Rights, &[])];
    let ordered = order(steps, &BTreeSet::new());
    assert_eq!((ordered.steps.len(), ordered.ambiguous), (2, BTreeSet::from([id("a")])));
}

#[test]
fn a_hundred_thousand_steps_in_one_line_are_no_matter() {
    let steps = (0..100_000).map(|at| step(&format!("{at:06}"), Phase::Views, &[&format!("{:06}", at + 1)]));
    let ordered = order(steps.collect(), &BTreeSet::from([id("100000")]));
    assert_eq!((ordered.steps.len(), ordered.without.len()), (0, 100_000));
    let circle =
        (0..100_000).map(|at| step(&at.to_string(), Phase::Views, &[&((at + 1) % 100_000).to_string()]));
    assert_eq!(order(circle.collect(), &BTreeSet::new()).circles[0].len(), 100_000);
}

/// Whether one step reaches another along needs, by looking at every path: slow and plain.
fn reaches(steps: &[Step], from: &StepId, to: &StepId) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(at) = open.pop() {
        let needs = steps.iter().filter(|step| step.id == *at).flat_map(|step| &step.needs);
        for need in needs.filter(|need| *need != at) {
            if need == to {
                return true;
            }
            if seen.insert(need) {
                open.push(need);
            }
        }
    }
    false
}

const COUNT: usize = 12;

/// Any graph of so many steps, and some that are absent.
fn graph() -> impl Strategy<Value = (Vec<Step>, BTreeSet<StepId>)> {
    let phases = [Phase::Tables, Phase::Views, Phase::Rights];
    let step = move |(at, (phase, needs)): (usize, (usize, Vec<usize>))| {
        let needs: Vec<_> = needs.iter().map(|need| format!("{need:02}")).collect();
        step(&format!("{at:02}"), phases[phase], &needs.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let needs = proptest::collection::vec(0..COUNT + 2, 0..4);
    let steps = proptest::collection::vec((0..3_usize, needs), COUNT)
        .prop_map(move |steps| steps.into_iter().enumerate().map(step).collect());
    let absent = proptest::collection::btree_set(0..COUNT + 2, 0..2)
        .prop_map(|numbers| numbers.iter().map(|at| id(&format!("{at:02}"))).collect());
    (steps, absent)
}

proptest! {
    #[test]
    fn every_step_is_done_after_its_needs_or_named_with_what_it_lacks((steps, absent) in graph()) {
        let ordered = order(steps.clone(), &absent);
        let all = ordered.steps.iter().chain(ordered.circles.iter().flatten());
        let mut ids: Vec<_> = all.chain(ordered.without.iter().map(|(step, _)| step)).map(|step| &step.id).collect();
        ids.extend(steps.iter().map(|step| &step.id).filter(|id| absent.contains(id)));
        ids.sort();
        prop_assert_eq!(ids, steps.iter().map(|step| &step.id).collect::<Vec<_>>(), "each step once");
        for (at, done) in ordered.steps.iter().enumerate() {
            for need in &done.needs {
                prop_assert!(ordered.steps[..at].iter().any(|before| before.id == *need));
            }
        }
        let present: Vec<Step> = steps.iter().filter(|step| !absent.contains(&step.id)).cloned().collect();
        for step in &present {
            let in_circle = reaches(&present, &step.id, &step.id);
            prop_assert_eq!(in_circle, ordered.circles.iter().flatten().any(|other| other.id == step.id));
            let lacks = |other: &StepId| reaches(&present, &step.id, other);
            let stuck = absent.iter().any(lacks)
                || present.iter().any(|other| reaches(&present, &other.id, &other.id) && lacks(&other.id));
            let done = ordered.steps.iter().any(|other| other.id == step.id);
            prop_assert_eq!(!done, stuck || in_circle, "only what must be is left away");
        }
        for circle in &ordered.circles {
            for (one, other) in circle.iter().flat_map(|one| circle.iter().map(move |other| (one, other))) {
                prop_assert!(reaches(&present, &one.id, &other.id));
            }
        }
        for (step, cause) in &ordered.without {
            prop_assert!(reaches(&present, &step.id, cause));
        }
        let mut turned = steps;
        turned.reverse();
        prop_assert_eq!(order(turned, &absent).steps, ordered.steps, "the order given does not matter");
    }
}

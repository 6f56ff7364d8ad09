//! Steps in an order that their needs allow.
//!
//! What cannot be ordered is named, never looped over: steps that need each other in a circle, and steps that need what does
//! not come. Time and memory grow with the number of steps and needs.

use super::{Phase, Stage, Step, StepId};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::mem::take;

/// Steps, sorted into those that can be done and those that cannot.
#[derive(Debug)]
pub struct Ordered {
    /// In order: every step after those that it needs, otherwise by stage, phase and the text of its id.
    pub steps: Vec<Step>,
    /// Circles: the steps of each need one another. Circles that touch count as one.
    pub circles: Vec<Vec<Step>>,
    /// Steps that need what does not come, with that: a step of a circle, or one that is absent, perhaps by way of others.
    pub without: Vec<(Step, StepId)>,
    /// Ids that more than one step has: a defect, for one of them would be lost in the ledger.
    pub ambiguous: BTreeSet<StepId>,
}

/// Orders steps, each in the stage of the latest that it needs, if not later. `absent` lists steps that will not run: they and
/// what needs them are dropped. Any other need that no step meets is dropped, since what it names stands on the target already.
pub fn order(mut steps: Vec<Step>, absent: &BTreeSet<StepId>) -> Ordered {
    steps.retain(|step| !absent.contains(&step.id));
    steps.sort_by_cached_key(|step| step.id.to_string());
    let ambiguous = steps.windows(2).filter(|pair| pair[0].id == pair[1].id);
    let ambiguous = ambiguous.map(|pair| pair[0].id.clone()).collect();
    let graph = Graph::of(&mut steps, absent);
    graph.raise_stages(&mut steps);
    let ready = graph.in_order(&steps);
    let stuck = graph.stuck(&ready);
    let circles = graph.circles(&stuck);
    let causes = graph.causes(&steps, &stuck, &circles);
    let mut slots: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    let mut take_all =
        |numbers: &[usize]| numbers.iter().filter_map(|&at| take(&mut slots[at])).collect::<Vec<_>>();
    let steps = take_all(&ready);
    let circles = circles.iter().map(|circle| take_all(circle)).collect();
    let without = stuck.into_iter().zip(causes);
    let without = without.filter_map(|(at, cause)| Some((take(&mut slots[at])?, cause?))).collect();
    Ordered { steps, circles, without, ambiguous }
}

/// Steps by their number, as they stand sorted by the text of their ids: a step's number compares as that text does.
struct Graph {
    /// What each step needs.
    needs: Vec<Vec<usize>>,
    /// Which steps need it.
    dependents: Vec<Vec<usize>>,
    /// What each step needs of that which does not come.
    absent: Vec<Option<StepId>>,
}

impl Graph {
    /// Reads the needs, and drops from the steps those that are met already.
    fn of(steps: &mut [Step], absent: &BTreeSet<StepId>) -> Self {
        let numbers: BTreeMap<StepId, usize> =
            steps.iter().enumerate().map(|(at, step)| (step.id.clone(), at)).collect();
        let count = steps.len();
        let mut graph =
            Self { needs: vec![vec![]; count], dependents: vec![vec![]; count], absent: vec![None; count] };
        for (at, step) in steps.iter_mut().enumerate() {
            let lacked = step.needs.iter().filter(|need| absent.contains(need));
            graph.absent[at] = lacked.min_by_key(ToString::to_string).cloned();
            // A step's need of itself says nothing: a routine may call itself.
            step.needs.retain(|need| *need != step.id && numbers.contains_key(need));
            graph.needs[at] = step.needs.iter().filter_map(|need| numbers.get(need).copied()).collect();
            for &need in &graph.needs[at] {
                graph.dependents[need].push(at);
            }
        }
        graph
    }

    /// Puts each step into the latest stage of those that it needs.
    fn raise_stages(&self, steps: &mut [Step]) {
        let mut late: Vec<usize> =
            (0..steps.len()).filter(|&at| steps[at].stage == Stage::AfterData).collect();
        while let Some(at) = late.pop() {
            for &dependent in &self.dependents[at] {
                if steps[dependent].stage != Stage::AfterData {
                    steps[dependent].stage = Stage::AfterData;
                    late.push(dependent);
                }
            }
        }
    }

    /// The steps whose needs can all be met, in order.
    fn in_order(&self, steps: &[Step]) -> Vec<usize> {
        let mut unmet: Vec<usize> = self.needs.iter().map(Vec::len).collect();
        let key =
            |at: usize| -> Reverse<(Stage, Phase, usize)> { Reverse((steps[at].stage, steps[at].phase, at)) };
        let free = |at: &usize| self.needs[*at].is_empty() && self.absent[*at].is_none();
        let mut ready: BinaryHeap<_> = (0..steps.len()).filter(free).map(key).collect();
        let mut order = Vec::with_capacity(steps.len());
        while let Some(Reverse((_, _, at))) = ready.pop() {
            order.push(at);
            for &dependent in &self.dependents[at] {
                unmet[dependent] -= 1;
                if unmet[dependent] == 0 && self.absent[dependent].is_none() {
                    ready.push(key(dependent));
                }
            }
        }
        order
    }

    /// The steps that are not among those, sorted.
    fn stuck(&self, ready: &[usize]) -> Vec<usize> {
        let mut stuck = vec![true; self.needs.len()];
        for &at in ready {
            stuck[at] = false;
        }
        (0..stuck.len()).filter(|&at| stuck[at]).collect()
    }

    /// The circles among stuck steps (Kosaraju): what can be reached from a step along its needs, and reaches it.
    fn circles(&self, stuck: &[usize]) -> Vec<Vec<usize>> {
        let mut open = vec![false; self.needs.len()];
        let reopen = |open: &mut Vec<bool>| stuck.iter().for_each(|&at| open[at] = true);
        reopen(&mut open);
        let mut finished = Vec::with_capacity(stuck.len());
        for &at in stuck {
            finish(at, &self.needs, &mut open, &mut finished);
        }
        reopen(&mut open);
        let mut circles = Vec::new();
        for &at in finished.iter().rev() {
            let mut circle = Vec::new();
            finish(at, &self.dependents, &mut open, &mut circle);
            if circle.len() > 1 {
                circle.sort_unstable();
                circles.push(circle);
            }
        }
        circles.sort_unstable();
        circles
    }

    /// What each stuck step lacks: the first, along its needs, that is absent or in a circle.
    fn causes(&self, steps: &[Step], stuck: &[usize], circles: &[Vec<usize>]) -> Vec<Option<StepId>> {
        let mut cause = self.absent.clone();
        for &at in circles.iter().flatten() {
            cause[at] = Some(steps[at].id.clone());
        }
        let mut open: Vec<_> = stuck.iter().rev().filter_map(|&at| Some((at, cause[at].clone()?))).collect();
        while let Some((at, lacked)) = open.pop() {
            for &dependent in &self.dependents[at] {
                if cause[dependent].is_none() {
                    cause[dependent] = Some(lacked.clone());
                    open.push((dependent, lacked.clone()));
                }
            }
        }
        stuck.iter().map(|&at| cause[at].clone()).collect()
    }
}

/// Visits what is open from a step on, depth first, and lists each when all beyond it is listed. A stack of its own, since
/// views may stand on each other deeper than a thread's stack goes.
fn finish(start: usize, edges: &[Vec<usize>], open: &mut [bool], finished: &mut Vec<usize>) {
    let mut path = Vec::new();
    if take(&mut open[start]) {
        path.push((start, 0));
    }
    while let Some((at, next)) = path.last_mut() {
        if let Some(&beyond) = edges[*at].get(*next) {
            *next += 1;
            if take(&mut open[beyond]) {
                path.push((beyond, 0));
            }
        } else {
            finished.push(*at);
            path.pop();
        }
    }
}

#[cfg(test)]
mod tests;

//! A warehouse that answers from a script and records what it is asked to change.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use arguments::IamRoleArn;
use migration::outcome::ErrorKind;

use super::{ApplyStatus, Association, Change, Patience, RoleAssociations, associate};
use crate::AwsError;

const OURS: &str = "arn:aws:iam::123456789012:role/ours";
const PATIENCE: Patience = Patience { first_pause: Duration::ZERO, longest_pause: Duration::ZERO, looks: 4 };

/// Answers each look with the next state of our role, the last one for ever, and each addition with the next
/// of `faults`.
struct Scripted {
    states: Mutex<VecDeque<Option<ApplyStatus>>>,
    faults: Mutex<VecDeque<ErrorKind>>,
    additions: Mutex<u32>,
}

impl Scripted {
    fn new(states: &[Option<ApplyStatus>], faults: &[ErrorKind]) -> Self {
        Self {
            states: Mutex::new(states.iter().copied().collect()),
            faults: Mutex::new(faults.iter().copied().collect()),
            additions: Mutex::new(0),
        }
    }
}

impl RoleAssociations for Scripted {
    fn warehouse(&self) -> String {
        "the cluster dwh".to_owned()
    }

    async fn list(&self) -> Result<Vec<Association>, AwsError> {
        let mut states = self.states.lock().unwrap();
        let state = if states.len() > 1 { states.pop_front().unwrap() } else { states[0] };
        let other = Association {
            role: "arn:aws:iam::123456789012:role/other".to_owned(),
            status: ApplyStatus::InSync,
        };
        let ours = state.map(|status| Association { role: OURS.to_owned(), status });
        Ok([other].into_iter().chain(ours).collect())
    }

    async fn add(&self, role: &IamRoleArn) -> Result<(), AwsError> {
        assert_eq!(role.as_str(), OURS);
        *self.additions.lock().unwrap() += 1;
        match self.faults.lock().unwrap().pop_front() {
            None => Ok(()),
            Some(kind) => Err(AwsError::new(kind, "refused; wait")),
        }
    }
}

async fn run(states: &[Option<ApplyStatus>], faults: &[ErrorKind]) -> (Result<Change, AwsError>, u32) {
    let scripted = Scripted::new(states, faults);
    let result = associate(&scripted, &OURS.parse().unwrap(), PATIENCE).await;
    let additions = *scripted.additions.lock().unwrap();
    (result, additions)
}

#[tokio::test]
async fn a_role_that_can_be_used_is_left_alone() {
    assert_eq!(run(&[Some(ApplyStatus::InSync)], &[]).await, (Ok(Change::None), 0));
}

#[tokio::test]
async fn a_role_on_its_way_is_waited_for() {
    let states = [Some(ApplyStatus::Adding), Some(ApplyStatus::Adding), Some(ApplyStatus::InSync)];
    assert_eq!(run(&states, &[]).await, (Ok(Change::None), 0));
}

#[tokio::test]
async fn a_missing_role_is_added_once_and_waited_for() {
    let states = [None, Some(ApplyStatus::Adding), Some(ApplyStatus::InSync)];
    assert_eq!(run(&states, &[]).await, (Ok(Change::Added), 1));
}

#[tokio::test]
async fn a_role_that_another_job_dropped_is_added_again() {
    let states = [None, None, Some(ApplyStatus::InSync)];
    assert_eq!(run(&states, &[]).await, (Ok(Change::Added), 2));
}

#[tokio::test]
async fn a_role_on_its_way_out_is_added_when_it_is_gone() {
    let states = [Some(ApplyStatus::Removing), None, Some(ApplyStatus::InSync)];
    assert_eq!(run(&states, &[]).await, (Ok(Change::Added), 1));
}

#[tokio::test]
async fn a_warehouse_that_is_being_changed_is_tried_again() {
    let states = [None, None, Some(ApplyStatus::InSync)];
    assert_eq!(run(&states, &[ErrorKind::Conflict]).await, (Ok(Change::Added), 2));
}

#[tokio::test]
async fn a_refusal_ends_it_at_once() {
    let (result, additions) = run(&[None], &[ErrorKind::Denied]).await;
    assert_eq!((result.unwrap_err().kind, additions), (ErrorKind::Denied, 1));
}

#[tokio::test]
async fn patience_ends() {
    let (result, _) = run(&[Some(ApplyStatus::Adding)], &[]).await;
    assert_eq!(result.unwrap_err().kind, ErrorKind::Conflict);
}

//! A warehouse that answers from a script and records what it is asked to change.

use std::collections::{BTreeSet, VecDeque};
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

/// A namespace whose list is replaced as a whole, between whose reading and writing others may come.
#[derive(Default)]
struct Namespace {
    roles: Mutex<BTreeSet<String>>,
}

impl RoleAssociations for Namespace {
    fn warehouse(&self) -> String {
        "the workgroup etl".to_owned()
    }

    async fn list(&self) -> Result<Vec<Association>, AwsError> {
        let roles = self.roles.lock().unwrap().clone();
        Ok(roles.into_iter().map(|role| Association { role, status: ApplyStatus::InSync }).collect())
    }

    async fn add(&self, role: &IamRoleArn) -> Result<(), AwsError> {
        let mut read = self.roles.lock().unwrap().clone();
        tokio::time::sleep(Duration::from_millis(10)).await;
        read.insert(role.as_str().to_owned());
        *self.roles.lock().unwrap() = read;
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn ten_at_once_lose_nothing() {
    let namespace = Namespace::default();
    namespace.roles.lock().unwrap().insert("arn:aws:iam::123456789012:role/other".to_owned());
    let ten: Vec<IamRoleArn> = (0..10).map(|number| format!("{OURS}{number}").parse().unwrap()).collect();
    let patience = Patience {
        first_pause: Duration::from_millis(5),
        longest_pause: Duration::from_millis(50),
        looks: 100,
    };
    let each = ten.iter().enumerate().map(|(number, role)| {
        let namespace = &namespace;
        async move {
            tokio::time::sleep(Duration::from_millis(3 * number as u64)).await;
            associate(namespace, role, patience).await
        }
    });
    for result in futures_util::future::join_all(each).await {
        assert_eq!(result, Ok(Change::Added));
    }
    assert_eq!(namespace.roles.lock().unwrap().len(), 11);
}

//! What a job tries again by itself, and what it does not.

use super::Shop;
use super::faults::Blow;
use super::warehouse::Act;
use job::testing::{At, ObjectCall, Strike, Trap, Trapped, When};
use job::{Side, Verdict};
use migration::outcome::{ErrorKind, Status, TableStage};
use std::time::Duration;
use tokio::time::Instant;

#[tokio::test(start_paused = true)]
async fn an_unload_is_tried_again_in_a_folder_of_its_own() {
    let shop = Shop::of(&[("a", 3, 0)]);
    for number in [1, 2] {
        shop.world.strike(Side::Source, Act::Unload("a"), number, Blow::Refuse(ErrorKind::Conflict));
    }
    let started = Instant::now();
    assert_eq!(shop.start("r", &["--KEEP_UNLOADED=true"]).await.unwrap(), Verdict::Finished);
    assert_eq!(shop.moved(), (vec!["a"; 3], vec!["a"]));
    assert_eq!(shop.unloaded().len(), 2, "nothing of the attempts before: {:?}", shop.unloaded());
    // Three unloads and a load of a second each, and pauses of half a second and of one.
    assert_eq!(started.elapsed(), Duration::from_millis(5500));
}

#[tokio::test(start_paused = true)]
async fn a_source_that_is_lost_is_connected_to_again() {
    for blow in [Blow::LoseBefore, Blow::LoseAfter] {
        let shop = Shop::of(&[("a", 3, 0)]);
        shop.world.strike(Side::Source, Act::Unload("a"), 1, blow);
        assert_eq!(shop.start("r", &[]).await.unwrap(), Verdict::Finished);
        assert_eq!((shop.world.target("a"), shop.unloaded().len()), (3, 0), "{blow:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_person_must_mend_is_not_tried_again() {
    for (side, act) in [(Side::Source, Act::Unload("a")), (Side::Target, Act::Copy("a"))] {
        let shop = Shop::of(&[("a", 3, 0), ("b", 4, 0)]);
        shop.world.strike(side, act, 1, Blow::Refuse(ErrorKind::Denied));
        partial_of(&shop, "r").await;
        assert_eq!(shop.outcome("r", "a").error.unwrap().kind, ErrorKind::Denied);
        assert_eq!(shop.world.happened().iter().filter(|happened| happened.act == act).count(), 1);
        assert_eq!((shop.world.target("a"), shop.world.target("b")), (0, 4));
    }
}

async fn partial_of(shop: &Shop, run_id: &str) -> String {
    super::partial(shop.start(run_id, &[]).await)
}

#[tokio::test(start_paused = true)]
async fn attempts_run_out_and_the_job_says_that_it_may_be_started_again() {
    let shop = Shop::of(&[("a", 3, 0)]);
    for number in 1..=2 {
        shop.world.strike(Side::Source, Act::Unload("a"), number, Blow::Refuse(ErrorKind::Throttled));
    }
    let error = shop.start("r", &["--RETRY=2"]).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Throttled);
    assert_eq!(shop.moved().0, ["a", "a"]);
    let outcome = shop.outcome("r", "a");
    assert_eq!((outcome.status, outcome.stage), (Status::Failed, TableStage::Planned));
    assert_eq!(shop.unloaded().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_load_is_tried_again_from_the_same_files() {
    for blow in [Blow::Refuse(ErrorKind::Conflict), Blow::LoseBefore, Blow::LoseAfter] {
        let shop = Shop::of(&[("a", 3, 0)]);
        shop.world.strike(Side::Target, Act::Copy("a"), 1, blow);
        assert_eq!(shop.start("r", &[]).await.unwrap(), Verdict::Finished, "{blow:?}");
        assert_eq!(shop.moved().0, ["a"], "{blow:?}");
        assert_eq!((shop.world.target("a"), shop.unloaded().len()), (3, 0), "{blow:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_commit_that_nobody_heard_of_is_no_reason_to_refuse_its_rows() {
    for blow in [Blow::LoseBefore, Blow::LoseAfter] {
        let shop = Shop::of(&[("a", 3, 0)]);
        shop.world.strike(Side::Target, Act::Commit, 1, blow);
        assert_eq!(shop.start("r", &[]).await.unwrap(), Verdict::Finished, "{blow:?}");
        let replaced = if blow == Blow::LoseAfter { 3 } else { 0 };
        assert_eq!(shop.outcome("r", "a").rows.replaced, Some(replaced), "{blow:?}");
        assert_eq!(shop.world.target("a"), 3, "{blow:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_ledger_that_cannot_be_told_before_the_commit_stops_it() {
    let shop = Shop::of(&[("a", 3, 0)]);
    // The first two are the direction's, the third is the load's own.
    let trap = Trap::new(At::Call(ObjectCall::PutInPlaceOf, 3, When::Before), Strike::Fail);
    let effects = Trapped::new(shop.effects.clone(), &trap);
    let error = shop.start_with(effects, "r", &["--RETRY=1"]).await.unwrap_err();
    assert_eq!((error.kind, trap.is_sprung()), (ErrorKind::Unreachable, true));
    let acts: Vec<Act> = shop.acts(Side::Target).iter().map(|happened| happened.act).collect();
    assert_eq!(acts.last(), Some(&Act::Rollback), "{acts:?}");
    assert_eq!(
        (shop.world.target("a"), shop.unloaded().len()),
        (0, 2),
        "the files are good for the next start"
    );
}

#[tokio::test(start_paused = true)]
async fn a_ledger_that_cannot_be_told_of_an_unload_ends_the_job() {
    let shop = Shop::of(&[("a", 3, 0), ("b", 4, 0)]);
    let trap = Trap::new(At::Call(ObjectCall::Put, 1, When::Before), Strike::Fail);
    let effects = Trapped::new(shop.effects.clone(), &trap);
    let error = shop.start_with(effects, "r", &[]).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert_eq!(shop.moved(), (vec!["a"], vec![]), "b is left to the next start");
    assert_eq!(shop.outcome("r", "a").status, Status::Failed, "told when the ledger is there again");
    assert!(shop.find_outcome("r", "b").is_none());
}

#[tokio::test(start_paused = true)]
async fn a_ledger_that_cannot_be_told_of_a_load_does_not_undo_it() {
    let shop = Shop::of(&[("a", 3, 0)]);
    let trap = Trap::new(At::Call(ObjectCall::Put, 2, When::Before), Strike::Fail);
    let effects = Trapped::new(shop.effects.clone(), &trap);
    shop.start_with(effects, "r", &[]).await.unwrap_err();
    assert_eq!((shop.world.target("a"), shop.outcome("r", "a").status), (3, Status::Running));
    shop.world.happened();
    assert_eq!(shop.start("r", &[]).await.unwrap(), Verdict::Finished);
    assert_eq!(shop.world.target("a"), 3);
}

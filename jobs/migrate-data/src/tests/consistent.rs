//! `--CONSISTENT`: one moment for all tables.

use super::Shop;
use super::faults::Blow;
use super::warehouse::Act;
use job::{Side, Verdict};
use migration::outcome::{ErrorKind, Status};

const CONSISTENT: &str = "--CONSISTENT=true";

fn shop() -> Shop {
    Shop::of(&[("a", 3, 0), ("b", 4, 0), ("c", 5, 0)])
}

#[tokio::test(start_paused = true)]
async fn one_session_unloads_all_in_one_transaction_that_waits_for_no_load() {
    let shop = shop();
    assert_eq!(shop.start("r", &[CONSISTENT, "--LOAD_THREADS=3"]).await.unwrap(), Verdict::Finished);
    let all = shop.world.happened();
    let source: Vec<_> =
        all.iter().filter(|happened| happened.side == Side::Source && happened.act != Act::Look).collect();
    let acts: Vec<Act> = source.iter().map(|happened| happened.act).collect();
    assert_eq!(acts, [Act::Begin, Act::Unload("a"), Act::Unload("b"), Act::Unload("c"), Act::Commit]);
    assert!(source.iter().all(|happened| happened.session == source[0].session), "{source:?}");
    let last_load = all.iter().filter(|happened| matches!(happened.act, Act::Copy(_))).map(|copy| copy.ended);
    assert!(source[4].ended < last_load.max().unwrap());
    assert!(["a", "b", "c"].into_iter().all(|table| shop.outcome("r", table).consistent));
}

#[tokio::test(start_paused = true)]
async fn unloads_do_not_wait_for_one_slow_loader() {
    let shop = shop();
    for number in 1..=2 {
        shop.world.strike(Side::Target, Act::Copy("a"), number, Blow::Refuse(ErrorKind::Conflict));
    }
    assert_eq!(shop.start("r", &[CONSISTENT]).await.unwrap(), Verdict::Finished);
    let all = shop.world.happened();
    let commit = all.iter().find(|happened| happened.side == Side::Source && happened.act == Act::Commit);
    assert_eq!(commit.unwrap().ended.as_secs(), 3, "a second for each table");
}

#[tokio::test(start_paused = true)]
async fn the_first_refusal_ends_it_and_is_not_tried_again() {
    let shop = shop();
    shop.world.strike(Side::Source, Act::Unload("b"), 1, Blow::Refuse(ErrorKind::Conflict));
    let error = shop.start("r", &[CONSISTENT]).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);
    assert!(error.message.starts_with("--CONSISTENT: s.b could not be unloaded"), "{error}");
    let acts: Vec<Act> = shop.acts(Side::Source).iter().map(|happened| happened.act).collect();
    assert_eq!(acts, [Act::Begin, Act::Unload("a"), Act::Unload("b")], "no COMMIT");
    assert_eq!((shop.outcome("r", "b").status, shop.find_outcome("r", "c")), (Status::Failed, None));
    assert_eq!(shop.outcome("r", "a").status, Status::Finished, "what was unloaded is loaded");
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_lost_takes_its_moment_with_it() {
    let shop = shop();
    shop.world.strike(Side::Source, Act::Unload("b"), 1, Blow::LoseBefore);
    let error = shop.start("r", &[CONSISTENT]).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert_eq!(shop.moved().0, ["a"], "nothing is unloaded at another moment");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_partly_moved_moves_all_again() {
    let shop = shop();
    shop.world.strike(Side::Source, Act::Unload("b"), 1, Blow::Refuse(ErrorKind::Conflict));
    shop.start("r", &[CONSISTENT]).await.unwrap_err();
    shop.world.happened();
    shop.world.change("a", 30);
    assert_eq!(shop.start("r", &[CONSISTENT]).await.unwrap(), Verdict::Finished);
    assert_eq!(shop.moved(), (vec!["a", "b", "c"], vec!["a", "b", "c"]));
    assert_eq!(["a", "b", "c"].map(|table| shop.world.target(table)), [30, 4, 5]);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_moved_is_left_alone() {
    let shop = shop();
    shop.start("r", &[CONSISTENT]).await.unwrap();
    shop.world.happened();
    assert_eq!(shop.start("r", &[CONSISTENT]).await.unwrap(), Verdict::Finished);
    assert_eq!(shop.moved(), (vec![], vec![]));
}

#[tokio::test(start_paused = true)]
async fn a_transaction_that_cannot_begin_moves_nothing() {
    let shop = shop();
    shop.world.strike(Side::Source, Act::Begin, 1, Blow::LoseBefore);
    assert_eq!(shop.start("r", &[CONSISTENT]).await.unwrap_err().kind, ErrorKind::Unreachable);
    assert_eq!(shop.moved(), (vec![], vec![]));
}

#[tokio::test(start_paused = true)]
async fn a_transaction_that_cannot_end_is_the_jobs_error_and_the_tables_arrive() {
    let shop = shop();
    shop.world.strike(Side::Source, Act::Commit, 1, Blow::LoseBefore);
    assert_eq!(shop.start("r", &[CONSISTENT]).await.unwrap_err().kind, ErrorKind::OutcomeUnknown);
    assert_eq!(["a", "b", "c"].map(|table| shop.world.target(table)), [3, 4, 5]);
}

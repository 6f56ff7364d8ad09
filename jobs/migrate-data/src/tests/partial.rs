//! Some tables arrive, others do not.

use super::faults::Blow;
use super::warehouse::Act;
use super::{Shop, partial};
use job::{Side, Verdict};
use migration::outcome::{ErrorKind, Status, TableStage};

fn shop() -> Shop {
    Shop::of(&[("a", 3, 0), ("b", 4, 0), ("c", 5, 0), ("d", 6, 0), ("e", 7, 0), ("f", 8, 0)])
}

#[tokio::test(start_paused = true)]
async fn a_table_that_fails_stops_no_other() {
    for (side, act) in [(Side::Source, Act::Unload("b")), (Side::Target, Act::Copy("b"))] {
        let shop = shop();
        shop.world.strike(side, act, 1, Blow::Refuse(ErrorKind::Data));
        let message = partial(shop.start("r", &["--LOAD_THREADS=2"]).await);
        assert!(message.starts_with("1 of 6 tables failed; the first: "), "{message}");
        let arrived = ["a", "b", "c", "d", "e", "f"].map(|table| shop.world.target(table));
        assert_eq!(arrived, [3, 0, 5, 6, 7, 8]);
        assert_eq!(shop.outcome("r", "b").status, Status::Failed);
        assert_eq!(shop.unloaded().len(), 0, "{act:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn where_nothing_arrives_the_first_cause_decides_whether_a_new_start_may_help() {
    for (kind, may_help) in [(ErrorKind::Data, false), (ErrorKind::Denied, true)] {
        let shop = Shop::of(&[("a", 3, 0)]);
        shop.world.strike(Side::Source, Act::Unload("a"), 1, Blow::Refuse(kind));
        let ended = shop.start("r", &[]).await;
        assert_eq!(ended.is_err(), may_help, "{ended:?}");
        assert!(may_help || matches!(ended, Ok(Verdict::Failed(_))));
    }
}

#[tokio::test(start_paused = true)]
async fn rows_that_no_run_has_loaded_stay_and_nothing_is_unloaded_for_them() {
    let shop = Shop::of(&[("a", 3, 2), ("b", 4, 0)]);
    partial(shop.start("r", &[]).await);
    assert_eq!(shop.outcome("r", "a").error.unwrap().kind, ErrorKind::Protected);
    assert_eq!((shop.world.target("a"), shop.world.target("b")), (2, 4));
    assert_eq!(shop.moved(), (vec!["b"], vec!["b"]));
    assert_eq!(shop.start("r", &["--REPLACE=a"]).await.unwrap(), Verdict::Finished);
    assert_eq!(shop.world.target("a"), 3);
}

#[tokio::test(start_paused = true)]
async fn rows_that_come_while_a_table_is_unloaded_are_seen_under_its_lock() {
    let shop = Shop::of(&[("a", 3, 0), ("b", 4, 0)]);
    let world = shop.world.clone();
    let disturb = async {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        world.disturb("a", 1);
    };
    let (ended, ()) = tokio::join!(shop.start("r", &[]), disturb);
    partial(ended);
    let outcome = shop.outcome("r", "a");
    assert_eq!((outcome.error.unwrap().kind, outcome.stage), (ErrorKind::Protected, TableStage::Planned));
    assert_eq!((shop.world.target("a"), shop.unloaded().len()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn no_more_is_unloaded_than_loads_have_room_for() {
    let shop = shop();
    for number in 1..=2 {
        shop.world.strike(Side::Target, Act::Copy("a"), number, Blow::Refuse(ErrorKind::Conflict));
    }
    assert_eq!(shop.start("r", &[]).await.unwrap(), Verdict::Finished);
    let all = shop.world.happened();
    let began = |act: Act| all.iter().find(|happened| happened.act == act).unwrap().began;
    let a_loaded = all.iter().rfind(|happened| happened.act == Act::Copy("a")).unwrap().ended;
    // One table waits, another is held by who unloaded it.
    assert!(began(Act::Unload("c")) < a_loaded && began(Act::Unload("d")) >= a_loaded);
}

#[tokio::test(start_paused = true)]
async fn a_target_that_is_gone_leaves_the_rest_to_a_new_start() {
    // Each session that is lost leaves one table that waits, and one that its unloader holds.
    for (threads, left) in [("--LOAD_THREADS=1", vec!["d", "e", "f"]), ("--LOAD_THREADS=2", vec![])] {
        let shop = shop();
        shop.world.strike(Side::Target, Act::Copy("a"), 1, Blow::Close);
        shop.world.strike(Side::Target, Act::Copy("b"), 1, Blow::Close);
        let error = shop.start("r", &[threads]).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unreachable);
        assert_eq!(shop.outcome("r", "a").status, Status::Failed);
        let is_left = |table: &&str| shop.find_outcome("r", table).is_none();
        let not_begun: Vec<&str> = ["a", "b", "c", "d", "e", "f"].into_iter().filter(is_left).collect();
        assert_eq!(not_begun, left, "nothing is unloaded that nothing loads any more");
        shop.world.heal();
        shop.world.happened();
        assert_eq!(shop.start("r", &[threads]).await.unwrap(), Verdict::Finished);
        let arrived = ["a", "b", "c", "d", "e", "f"].map(|table| shop.world.target(table));
        assert_eq!(arrived, [3, 4, 5, 6, 7, 8]);
        assert!(!shop.moved().0.contains(&"a"), "its files were good");
        assert_eq!(shop.unloaded().len(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_source_that_is_gone_lets_arrive_what_is_unloaded() {
    let shop = shop();
    shop.world.strike(Side::Source, Act::Unload("c"), 1, Blow::Close);
    let error = shop.start("r", &[]).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert_eq!(["a", "b", "c"].map(|table| shop.world.target(table)), [3, 4, 0]);
    assert_eq!(shop.outcome("r", "b").status, Status::Finished);
    assert_eq!((shop.outcome("r", "c").status, shop.find_outcome("r", "d")), (Status::Failed, None));
}

#[tokio::test(start_paused = true)]
async fn one_of_two_loaders_that_is_lost_leaves_its_tables_to_the_other() {
    let shop = shop();
    // The session is lost at each of its attempts, and the last of them takes it out of the race.
    for number in 1..=3 {
        shop.world.strike(Side::Target, Act::Copy("a"), number, Blow::LoseBefore);
    }
    let error = shop.start("r", &["--LOAD_THREADS=2"]).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    let arrived = ["a", "b", "c", "d", "e", "f"].map(|table| shop.world.target(table));
    assert_eq!(arrived, [0, 4, 5, 6, 7, 8]);
}

//! What a run goes on from that was started before.

use super::Shop;
use super::faults::Blow;
use super::warehouse::Act;
use aws::ObjectStore;
use job::{Side, Verdict};
use migration::outcome::{ErrorKind, Status, TableStage};

/// A run whose table was unloaded, and whose target is out of reach since; it is within reach again now.
async fn half_moved() -> Shop {
    let shop = Shop::of(&[("a", 3, 0)]);
    shop.world.strike(Side::Target, Act::Copy("a"), 1, Blow::Close);
    let error = shop.start("r", &[]).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    let outcome = shop.outcome("r", "a");
    assert_eq!((outcome.status, outcome.stage), (Status::Failed, TableStage::Unloaded));
    assert_eq!(shop.unloaded().len(), 2, "a file and the manifest");
    shop.world.heal();
    shop.world.happened();
    shop
}

#[tokio::test(start_paused = true)]
async fn a_table_that_was_moved_is_left_alone() {
    let shop = Shop::of(&[("a", 3, 0)]);
    assert_eq!(shop.start("r", &[]).await.unwrap(), Verdict::Finished);
    assert_eq!((shop.world.target("a"), shop.unloaded().len()), (3, 0));
    assert_eq!(shop.moved(), (vec!["a"], vec!["a"]));
    shop.world.change("a", 9);
    assert_eq!(shop.start("r", &[]).await.unwrap(), Verdict::Finished);
    assert_eq!(shop.moved(), (vec![], vec![]));
    assert_eq!(shop.outcome("r", "a").rows.loaded, Some(3));
}

#[tokio::test(start_paused = true)]
async fn force_moves_it_again() {
    let shop = Shop::of(&[("a", 3, 0)]);
    shop.start("r", &[]).await.unwrap();
    shop.world.change("a", 9);
    assert_eq!(shop.start("r", &["--FORCE=true"]).await.unwrap(), Verdict::Finished);
    assert_eq!((shop.world.target("a"), shop.outcome("r", "a").rows.replaced), (9, Some(3)));
}

#[tokio::test(start_paused = true)]
async fn what_was_unloaded_is_loaded_and_not_unloaded_again() {
    let shop = half_moved().await;
    shop.world.change("a", 9);
    assert_eq!(shop.start("r", &[]).await.unwrap(), Verdict::Finished);
    assert_eq!(shop.moved(), (vec![], vec!["a"]));
    assert_eq!((shop.world.target("a"), shop.unloaded().len()), (3, 0));
    let outcome = shop.outcome("r", "a");
    assert_eq!((outcome.status, outcome.error, outcome.unloaded), (Status::Finished, None, None));
}

#[tokio::test(start_paused = true)]
async fn another_manifest_or_a_file_that_is_gone_is_not_loaded() {
    for (what, content) in
        [("manifest", Some("{}")), ("0000_part_00.parquet", None), ("0000_part_00.parquet", Some("x"))]
    {
        let shop = half_moved().await;
        let key = shop.unloaded().into_iter().find(|key| key.ends_with(what)).unwrap();
        let folder = key.trim_end_matches(what).to_owned();
        if let Some(content) = content {
            shop.effects.objects.put(&key, content.into()).await.unwrap();
        } else {
            let manifest = shop.effects.objects.get(&format!("{folder}manifest")).await.unwrap().unwrap();
            shop.effects.objects.delete_prefix(&folder).await.unwrap();
            shop.effects.objects.put(&format!("{folder}manifest"), manifest).await.unwrap();
        }
        assert_eq!(shop.start("r", &[]).await.unwrap(), Verdict::Finished, "{what} {content:?}");
        assert_eq!(shop.moved(), (vec!["a"], vec!["a"]), "{what} {content:?}");
        assert_eq!((shop.world.target("a"), shop.unloaded().len()), (3, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn rows_of_a_newer_run_are_not_undone_by_older_files() {
    let shop = half_moved().await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    shop.world.change("a", 9);
    assert_eq!(shop.start("newer", &[]).await.unwrap(), Verdict::Finished);
    shop.world.happened();
    assert_eq!(shop.start("r", &[]).await.unwrap(), Verdict::Finished);
    assert_eq!(shop.moved(), (vec!["a"], vec!["a"]));
    assert_eq!(shop.world.target("a"), 9);
}

#[tokio::test(start_paused = true)]
async fn a_checksum_needs_the_half_that_an_unload_without_one_did_not_take() {
    let shop = half_moved().await;
    assert_eq!(shop.start("r", &["--VERIFY=checksum"]).await.unwrap(), Verdict::Finished);
    assert_eq!(shop.moved(), (vec!["a"], vec!["a"]));
}

#[tokio::test(start_paused = true)]
async fn after_a_failure_that_a_person_must_mend_nothing_is_kept() {
    let shop = Shop::of(&[("a", 3, 0)]);
    shop.world.strike(Side::Target, Act::Copy("a"), 1, Blow::Refuse(ErrorKind::Data));
    assert!(matches!(shop.start("r", &[]).await, Ok(Verdict::Failed(_))));
    let outcome = shop.outcome("r", "a");
    assert_eq!(
        (outcome.status, outcome.stage, outcome.unloaded),
        (Status::Failed, TableStage::Planned, None)
    );
    assert_eq!(shop.unloaded().len(), 0);
    assert_eq!(shop.moved().0, ["a"], "COPY of bad data is not tried again");
    assert_eq!(shop.start("r", &[]).await.unwrap(), Verdict::Finished);
    assert_eq!(shop.moved(), (vec!["a"], vec!["a"]));
}

#[tokio::test(start_paused = true)]
async fn files_stay_where_that_is_asked_for_and_until_it_is_not() {
    let shop = Shop::of(&[("a", 3, 0)]);
    for _ in 0..2 {
        assert_eq!(shop.start("r", &["--KEEP_UNLOADED=true"]).await.unwrap(), Verdict::Finished);
        assert_eq!(shop.unloaded().len(), 2);
        assert!(shop.outcome("r", "a").unloaded.is_some());
    }
    assert_eq!(shop.start("r", &[]).await.unwrap(), Verdict::Finished);
    assert_eq!(shop.unloaded().len(), 0);
    assert_eq!(shop.moved(), (vec!["a"], vec!["a"]));
}

#[tokio::test(start_paused = true)]
async fn what_a_killed_attempt_left_is_removed_before_another() {
    let shop = Shop::of(&[("a", 3, 0)]);
    shop.effects.objects.put("unload/acme/r/s/a/dead/0000_part_00.parquet", vec![1]).await.unwrap();
    shop.world.strike(Side::Target, Act::Copy("a"), 1, Blow::Close);
    shop.start("r", &[]).await.unwrap_err();
    assert!(shop.unloaded().iter().all(|key| !key.contains("/dead/")), "{:?}", shop.unloaded());
    assert_eq!(shop.unloaded().len(), 2);
}

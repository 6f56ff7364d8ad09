//! The VACUUM that follows where rows were replaced.

use super::Shop;
use super::faults::Blow;
use super::warehouse::Act;
use job::{Side, Verdict};
use migration::outcome::{ErrorKind, Status};

/// Three tables that were moved before, so that their rows are replaced now.
async fn moved_before() -> Shop {
    let shop = Shop::of(&[("a", 3, 0), ("b", 4, 0), ("c", 5, 0)]);
    assert_eq!(shop.start("before", &[]).await.unwrap(), Verdict::Finished);
    let vacuumed = shop.acts(Side::Target).iter().any(|happened| matches!(happened.act, Act::Vacuum(_)));
    assert!(!vacuumed, "an empty table loads sorted");
    shop
}

#[tokio::test(start_paused = true)]
async fn at_most_two_tables_are_vacuumed_at_a_time() {
    let shop = moved_before().await;
    assert_eq!(shop.start("r", &["--LOAD_THREADS=3", "--VACUUM=now"]).await.unwrap(), Verdict::Finished);
    let acts = shop.acts(Side::Target);
    let mut vacuums: Vec<_> = acts.iter().filter(|happened| matches!(happened.act, Act::Vacuum(_))).collect();
    vacuums.sort_by_key(|vacuum| vacuum.began);
    assert_eq!(vacuums.len(), 3);
    assert!(vacuums[1].began < vacuums[0].ended && vacuums[0].ended <= vacuums[2].began, "{vacuums:?}");
    let copies: Vec<_> = acts.iter().filter(|happened| matches!(happened.act, Act::Copy(_))).collect();
    assert!(copies.windows(2).all(|two| two[0].began == two[1].began), "loads do not: {copies:?}");
}

#[tokio::test(start_paused = true)]
async fn the_ledger_is_told_where_it_is_left_to_a_later_job() {
    for (asked, due) in [(&[][..], true), (&["--VACUUM=later"], true), (&["--VACUUM=never"], false)] {
        let shop = moved_before().await;
        assert!(!shop.outcome("before", "a").vacuum_due, "it was empty");
        assert_eq!(shop.start("r", asked).await.unwrap(), Verdict::Finished);
        let acts = shop.acts(Side::Target);
        assert!(!acts.iter().any(|happened| matches!(happened.act, Act::Vacuum(_))), "{asked:?}: {acts:?}");
        assert!(
            ["a", "b", "c"].into_iter().all(|table| shop.outcome("r", table).vacuum_due == due),
            "{asked:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_is_refused_costs_nothing() {
    let shop = moved_before().await;
    shop.world.strike(Side::Target, Act::Vacuum("a"), 1, Blow::Refuse(ErrorKind::Denied));
    assert_eq!(shop.start("r", &["--VACUUM=now"]).await.unwrap(), Verdict::Finished);
    assert_eq!(shop.outcome("r", "a").status, Status::Finished);
    let vacuums =
        shop.acts(Side::Target).iter().filter(|happened| matches!(happened.act, Act::Vacuum(_))).count();
    assert_eq!(vacuums, 3, "it is not tried again");
}

#[tokio::test(start_paused = true)]
async fn one_that_loses_the_session_is_followed_by_another_session() {
    let shop = moved_before().await;
    shop.world.strike(Side::Target, Act::Vacuum("a"), 1, Blow::LoseBefore);
    // No load has another attempt that would open the session.
    assert_eq!(shop.start("r", &["--RETRY=1", "--VACUUM=now"]).await.unwrap(), Verdict::Finished);
    assert!(["a", "b", "c"].into_iter().all(|table| shop.outcome("r", table).status == Status::Finished));
}

#[tokio::test(start_paused = true)]
async fn one_after_which_the_target_is_gone_leaves_a_table_that_has_arrived() {
    let shop = moved_before().await;
    shop.world.strike(Side::Target, Act::Vacuum("a"), 1, Blow::Close);
    assert_eq!(shop.start("r", &["--VACUUM=now"]).await.unwrap_err().kind, ErrorKind::Unreachable);
    let outcome = shop.outcome("r", "a");
    assert_eq!((outcome.status, outcome.rows.replaced), (Status::Finished, Some(3)));
    assert!(shop.unloaded().iter().all(|key| !key.contains("/s/a/")), "{:?}", shop.unloaded());
}

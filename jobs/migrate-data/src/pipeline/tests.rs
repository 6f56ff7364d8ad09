//! The pipeline with numbers in place of tables, whose stages take their time on a clock that a test moves.

use super::*;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

type Unloaded = Result<Step<u32, u32>, Lost<u32, &'static str>>;
type Loaded = Result<u32, Lost<u32, &'static str>>;

/// What happened, in order.
#[derive(Default)]
struct Log(RefCell<Vec<(&'static str, u32)>>);

impl Log {
    fn add(&self, what: &'static str, item: u32) {
        self.0.borrow_mut().push((what, item));
    }

    fn of(&self, what: &str) -> Vec<u32> {
        self.0.borrow().iter().filter(|(happened, _)| *happened == what).map(|(_, item)| *item).collect()
    }
}

/// So many workers a stage, named by their numbers.
fn workers(unload: u32, load: u32, room: usize) -> Workers<u32, u32> {
    Workers { unload: (0..unload).collect(), load: (0..load).collect(), room }
}

async fn nothing(_: &mut u32) -> Result<(), &'static str> {
    Ok(())
}

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn every_item_goes_through_both_stages_and_both_work_at_a_time() {
    let started = Instant::now();
    let unload = async |_: &mut u32, item: u32| -> Unloaded {
        sleep(SECOND).await;
        Ok(Step::ToLoad(item * 10))
    };
    let load = async |_: &mut u32, half: u32| -> Loaded {
        sleep(SECOND).await;
        Ok(half + 1)
    };
    let ended = run(1..=4, workers(1, 1, 1), unload, nothing, load).await;
    assert_eq!((ended.ends, ended.error), (vec![11, 21, 31, 41], None));
    assert_eq!(started.elapsed(), 5 * SECOND, "four unloads, and the last load");
}

#[tokio::test(start_paused = true)]
async fn items_are_begun_in_their_order_by_the_next_free_worker() {
    let log = Log::default();
    let unload = async |worker: &mut u32, item: u32| -> Unloaded {
        log.add(if *worker == 0 { "first" } else { "second" }, item);
        sleep(SECOND * if item == 1 { 10 } else { 1 }).await;
        Ok(Step::Done(item))
    };
    let ended = run(1..=5, workers(2, 1, 1), unload, nothing, async |_, half| Ok(half)).await;
    assert_eq!((log.of("first"), log.of("second")), (vec![1], vec![2, 3, 4, 5]));
    assert_eq!(ended.ends, [2, 3, 4, 5, 1], "in the order in which they ended");
}

#[tokio::test(start_paused = true)]
async fn what_is_done_is_not_loaded() {
    let unload = async |_: &mut u32, item: u32| -> Unloaded {
        Ok(if item.is_multiple_of(2) { Step::Done(item) } else { Step::ToLoad(item) })
    };
    let log = Log::default();
    let load = async |_: &mut u32, half: u32| -> Loaded {
        log.add("loaded", half);
        Ok(half)
    };
    let mut ended = run(1..=4, workers(1, 1, 1), unload, nothing, load).await;
    ended.ends.sort_unstable();
    assert_eq!((ended.ends, log.of("loaded")), (vec![1, 2, 3, 4], vec![1, 3]));
}

#[tokio::test(start_paused = true)]
async fn those_who_unload_are_never_further_ahead_than_there_is_room() {
    for (workers_each, room) in [(1, 1), (1, 3), (2, 2), (3, 3)] {
        let (ahead, most) = (Cell::new(0_usize), Cell::new(0));
        let unload = async |_: &mut u32, item: u32| -> Unloaded {
            ahead.set(ahead.get() + 1);
            most.set(most.get().max(ahead.get()));
            Ok(Step::ToLoad(item))
        };
        let load = async |_: &mut u32, half: u32| -> Loaded {
            ahead.set(ahead.get() - 1);
            sleep(SECOND).await;
            Ok(half)
        };
        let ended = run(0..50, workers(workers_each, workers_each, room), unload, nothing, load).await;
        assert_eq!(ended.ends.len(), 50);
        // What waits in the channel, and what each who unloads holds in its hands.
        let limit = room + usize::try_from(workers_each).unwrap();
        assert_eq!(most.get(), limit, "{workers_each} workers, room {room}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_is_lost_leaves_its_items_to_the_others() {
    let unload = async |worker: &mut u32, item: u32| -> Unloaded {
        sleep(SECOND).await;
        if *worker == 1 { Err(Lost { end: item, error: "gone" }) } else { Ok(Step::ToLoad(item)) }
    };
    let log = Log::default();
    let load = async |worker: &mut u32, half: u32| -> Loaded {
        sleep(SECOND).await;
        if *worker == 1 {
            return Err(Lost { end: half, error: "closed" });
        }
        log.add("loaded", half);
        Ok(half)
    };
    let mut ended = run(1..=6, workers(2, 2, 2), unload, nothing, load).await;
    ended.ends.sort_unstable();
    assert_eq!(ended.ends, [1, 2, 3, 4, 5, 6], "each has its end");
    assert_eq!(log.of("loaded").len(), 4, "all but the two that were lost with their workers");
    assert_eq!(ended.error, Some("gone"), "those who unload come first");
}

#[tokio::test(start_paused = true)]
async fn when_nobody_is_left_to_load_nobody_unloads() {
    let log = Log::default();
    let unload = async |_: &mut u32, item: u32| -> Unloaded {
        sleep(SECOND).await;
        log.add("unloaded", item);
        Ok(Step::ToLoad(item))
    };
    let load = async |_: &mut u32, half: u32| -> Loaded { Err(Lost { end: half, error: "closed" }) };
    let finish = async |_: &mut u32| {
        log.add("finished", 0);
        Ok(())
    };
    let all = run(1..=100, workers(2, 2, 2), unload, finish, load);
    let ended = timeout(SECOND * 1000, all).await.expect("it comes to an end");
    assert_eq!((ended.ends.len(), ended.error), (2, Some("closed")));
    assert!(log.of("unloaded").len() <= 4, "{:?}", log.of("unloaded"));
    assert_eq!(log.of("finished").len(), 2, "they end as at any other time");
}

#[tokio::test(start_paused = true)]
async fn when_nobody_is_left_to_unload_what_is_unloaded_is_loaded() {
    let unload = async |_: &mut u32, item: u32| -> Unloaded {
        sleep(SECOND).await;
        if item == 3 { Err(Lost { end: item, error: "gone" }) } else { Ok(Step::ToLoad(item)) }
    };
    let load = async |_: &mut u32, half: u32| -> Loaded {
        sleep(SECOND * 5).await;
        Ok(half)
    };
    let ended = run(1..=9, workers(1, 1, 5), unload, nothing, load).await;
    assert_eq!((ended.ends, ended.error), (vec![3, 1, 2], Some("gone")), "4 to 9 are left");
}

#[tokio::test(start_paused = true)]
async fn those_who_unload_finish_when_the_queue_is_empty_and_wait_for_no_load() {
    let (started, finished) = (Instant::now(), RefCell::new(Vec::new()));
    let unload = async |worker: &mut u32, item: u32| -> Unloaded {
        sleep(SECOND).await;
        if *worker == 1 { Err(Lost { end: item, error: "gone" }) } else { Ok(Step::ToLoad(item)) }
    };
    let finish = async |worker: &mut u32| {
        finished.borrow_mut().push((*worker, started.elapsed()));
        Ok(())
    };
    let load = async |_: &mut u32, half: u32| -> Loaded {
        sleep(SECOND * 100).await;
        Ok(half)
    };
    run(1..=4, workers(2, 1, 4), unload, finish, load).await;
    assert_eq!(finished.into_inner(), [(0, 3 * SECOND)], "one that is lost does not finish");
}

#[tokio::test(start_paused = true)]
async fn one_that_cannot_finish_is_the_error_of_a_run_whose_items_have_all_arrived() {
    let unload = async |_: &mut u32, item: u32| -> Unloaded { Ok(Step::ToLoad(item)) };
    let finish = async |_: &mut u32| Err("no commit");
    let ended = run(1..=2, workers(1, 1, 1), unload, finish, async |_, half| Ok(half)).await;
    assert_eq!((ended.ends, ended.error), (vec![1, 2], Some("no commit")));
}

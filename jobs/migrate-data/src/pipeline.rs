//! Two stages side by side: some workers unload, as many others load what is unloaded, so that both sides are at work.
//!
//! Items go through a queue to the workers that unload, and through a channel to those that load. The channel holds few, so
//! that no heap of unloaded items grows where loads are slow. All of it happens on one thread, whose tasks wait. Nothing
//! here knows what an item, a worker or an outcome is.

use futures_util::future::join_all;
use std::cell::{Cell, RefCell};
use tokio::sync::Mutex;
use tokio::sync::mpsc::{Sender, channel};

/// Who does the work. At least one for each stage.
pub struct Workers<Source, Target> {
    /// Those that unload.
    pub unload: Vec<Source>,
    /// Those that load.
    pub load: Vec<Target>,
    /// How many unloaded items may wait between them; at least one.
    pub room: usize,
}

/// What the first stage came to.
#[derive(Debug)]
pub enum Step<Half, End> {
    /// The item is to be loaded.
    ToLoad(Half),
    /// The item is at its end.
    Done(End),
}

/// A worker can do nothing more; others go on.
#[derive(Debug)]
pub struct Lost<End, Error> {
    /// What became of the item that it worked on.
    pub end: End,
    /// Why it is lost.
    pub error: Error,
}

/// What became of the items.
#[derive(Debug)]
pub struct Ended<End, Error> {
    /// What ended, one way or another, in the order in which it did.
    pub ends: Vec<End>,
    /// Why a worker was lost, of several the first: items may be left that nobody began.
    pub error: Option<Error>,
}

/// Takes items through both stages, begun in their order. `finish` is the last act of a worker that unloads, unless it is lost.
///
/// A worker that is lost leaves the items to the others. When nobody is left to load, those who unload stop, too.
pub async fn run<Item, Half, End, Error, Source, Target>(
    queue: impl IntoIterator<Item = Item>,
    workers: Workers<Source, Target>,
    unload: impl AsyncFn(&mut Source, Item) -> Result<Step<Half, End>, Lost<End, Error>>,
    finish: impl AsyncFn(&mut Source) -> Result<(), Error>,
    load: impl AsyncFn(&mut Target, Half) -> Result<End, Lost<End, Error>>,
) -> Ended<End, Error> {
    debug_assert!(
        !workers.unload.is_empty() && !workers.load.is_empty(),
        "a stage without workers would never end"
    );
    let queue = RefCell::new(queue.into_iter());
    let ends = RefCell::new(Vec::new());
    let loaders = Cell::new(workers.load.len());
    let (sender, receiver) = channel(workers.room.max(1));
    let receiver = Mutex::new(receiver);

    let unload_each = async |(mut worker, sender): (Source, Sender<Half>)| {
        loop {
            let next = queue.borrow_mut().next();
            let Some(item) = next else { break };
            match unload(&mut worker, item).await {
                Ok(Step::Done(end)) => ends.borrow_mut().push(end),
                Ok(Step::ToLoad(half)) => {
                    if sender.send(half).await.is_err() {
                        break;
                    }
                }
                Err(Lost { end, error }) => {
                    ends.borrow_mut().push(end);
                    return Err(error);
                }
            }
        }
        finish(&mut worker).await
    };
    let load_each = async |mut worker: Target| {
        loop {
            let next = receiver.lock().await.recv().await;
            let Some(half) = next else { return Ok(()) };
            match load(&mut worker, half).await {
                Ok(end) => ends.borrow_mut().push(end),
                Err(Lost { end, error }) => {
                    ends.borrow_mut().push(end);
                    loaders.set(loaders.get() - 1);
                    if loaders.get() == 0 {
                        receiver.lock().await.close();
                    }
                    return Err(error);
                }
            }
        }
    };

    let senders = std::iter::repeat_n(sender, workers.unload.len());
    let unloading = join_all(workers.unload.into_iter().zip(senders).map(&unload_each));
    let loading = join_all(workers.load.into_iter().map(&load_each));
    let (unloading, loading) = tokio::join!(unloading, loading);
    let error = unloading.into_iter().chain(loading).find_map(Result::err);
    Ended { ends: ends.into_inner(), error }
}

#[cfg(test)]
mod tests;

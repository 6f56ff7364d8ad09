//! The command: one warehouse in the foreground.

mod arguments;

use std::io::{Read, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use redshift_local::Warehouse;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use crate::arguments::Arguments;

#[tokio::main]
async fn main() -> ExitCode {
    env_logger::init_from_env(env_logger::Env::default().default_filter_or("warn"));
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<()> {
    let until_stdin_closes = arguments.until_stdin_closes;
    let warehouse = Warehouse::start(arguments.try_into()?).await?;
    let socket = warehouse.backend_socket().display();
    writeln!(std::io::stdout(), "ready port={} socket={socket}", warehouse.port())?;
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = stdin_closed(), if until_stdin_closes => {}
    }
    warehouse.stop().await
}

/// Resolves at the end of standard input. A thread of its own reads it, since a read cannot be given up at the end.
fn stdin_closed() -> oneshot::Receiver<()> {
    let (closed, result) = oneshot::channel();
    std::thread::spawn(move || {
        let mut ignored = [0; 256];
        let mut stdin = std::io::stdin();
        while stdin.read(&mut ignored).is_ok_and(|count| count > 0) {}
        closed.send(())
    });
    result
}

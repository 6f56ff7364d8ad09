//! The command: one warehouse in the foreground.

mod arguments;

use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use redshift_local::Warehouse;
use tokio::signal::unix::{SignalKind, signal};

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
    let warehouse = Warehouse::start(arguments.try_into()?).await?;
    let socket = warehouse.backend_socket().display();
    writeln!(std::io::stdout(), "ready port={} socket={socket}", warehouse.port())?;
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    warehouse.stop().await
}

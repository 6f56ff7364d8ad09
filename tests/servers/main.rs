//! Starts what all tests share, says where it is, and runs until its standard input closes: `./build.sh test` holds it open.

use anyhow::Result;
use std::io::{Write, read_to_string, stdin, stdout};

#[tokio::main]
async fn main() -> Result<()> {
    let folders = migration_tests::servers::start().await?;
    writeln!(stdout(), "ready {}", folders.display())?;
    read_to_string(stdin())?;
    Ok(())
}

//! Prints `arguments.json`: `cargo run -p arguments --example arguments-json >
//! jobs/arguments/arguments.json`.

use std::io::{Write, stdout};

fn main() -> std::io::Result<()> {
    stdout().write_all(arguments::arguments_json().as_bytes())
}

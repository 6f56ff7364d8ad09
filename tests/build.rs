//! Makes a test of each scenario and direction, so that each has a name: `cargo test -- scenarios::<folder>`.

use std::fmt::Write;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=scenarios");
    let mut names = Vec::new();
    for entry in fs::read_dir("scenarios")? {
        let path = entry?.path();
        if path.join("expected.json").exists() {
            names.extend(path.file_name().and_then(|name| name.to_str()).map(str::to_owned));
        }
    }
    names.sort();
    let mut tests = String::new();
    for name in &names {
        writeln!(tests, "scenario!({name});").map_err(io::Error::other)?;
    }
    let directory = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(format!("{directory}/scenarios.rs"), tests)
}

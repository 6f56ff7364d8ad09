//! What `./build.sh test` tells the tests of this machine.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// A path that the test command puts into the environment.
pub fn path(variable: &str) -> Result<PathBuf> {
    let value = std::env::var_os(variable);
    value
        .map(PathBuf::from)
        .with_context(|| format!("{variable} is not set: run the tests through ./build.sh test"))
}

/// A file or folder of the repository.
pub fn repository(relative: &str) -> PathBuf {
    // Asked when the test runs: clones that share a target directory share the compiled test, too.
    let tests = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&tests).join("..").join(relative)
}

/// A fresh folder for what outlives a test but not the next start of the same binary: logs stay to be read, and never
/// pile up.
pub fn fresh_folder(name: &str) -> Result<PathBuf> {
    let folder = std::env::current_exe()?.with_extension("state").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

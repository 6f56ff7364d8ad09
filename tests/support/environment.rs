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
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(relative)
}

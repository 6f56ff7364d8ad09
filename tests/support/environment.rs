//! What `./build.sh test` tells the tests of this machine.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::UNIX_EPOCH;

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

/// The folder in which `test-servers` keeps something for all tests. None where it does not run: a test then makes its own.
pub(crate) fn shared_folder(name: &str) -> Option<PathBuf> {
    let folder = Path::new(&std::env::var_os("TEST_SERVERS")?).join(name);
    folder.exists().then_some(folder)
}

/// A name that no other test has: each test is a process, and all of them share one AWS endpoint.
pub fn fresh_name() -> Result<String> {
    static NAMES: AtomicU32 = AtomicU32::new(0);
    let moment = UNIX_EPOCH.elapsed()?.as_micros();
    Ok(format!("{moment:x}-{:x}-{}", std::process::id(), NAMES.fetch_add(1, Ordering::Relaxed)))
}

/// A fresh folder for what outlives a test but not the next start of the same binary: logs stay to be read, and never
/// pile up. Tests that nextest runs side by side, as processes of one binary, each have their own.
pub fn fresh_folder(name: &str) -> Result<PathBuf> {
    let folder = fresh_folders()?.join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Where all of them are.
pub(crate) fn fresh_folders() -> Result<PathBuf> {
    let slot = std::env::var("NEXTEST_TEST_GLOBAL_SLOT").unwrap_or_default();
    Ok(std::env::current_exe()?.with_extension(format!("state{slot}")))
}

//! What decides does no I/O and asks no clock: kept by these tests.

use migration_tests::environment::repository;

#[test]
fn the_deciding_crate_depends_on_pure_crates_only() {
    let manifest = std::fs::read_to_string(repository("jobs/migration/Cargo.toml")).unwrap();
    let dependencies = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let names: Vec<_> = dependencies.lines().filter_map(|line| line.split(['.', ' ', '=']).next()).collect();
    let names: Vec<_> = names.into_iter().filter(|name| !name.is_empty()).collect();
    assert_eq!(names, ["askama", "md-5", "regex-lite", "serde", "serde_json", "sha2", "thiserror", "time"]);
}

#[test]
fn the_deciding_crate_names_nothing_of_the_outside() {
    let mut folders = vec![repository("jobs/migration/src")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files += 1;
                let text = std::fs::read_to_string(&path).unwrap();
                for outside in ["fs", "net", "env", "process", "time", "thread", "io"] {
                    let named = text.contains(&format!("std::{outside}"));
                    assert!(!named, "{} names std::{outside}", path.display());
                }
                // The crate `time` is there for moments that are given.
                assert!(!text.contains("now_"), "{} asks a clock", path.display());
            }
        }
    }
    assert!(files > 40, "{files} files");
}

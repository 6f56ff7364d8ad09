//! What decides does no I/O: a fact of the manifest, kept by this test.

use migration_tests::environment::repository;

#[test]
fn the_deciding_crate_depends_on_pure_crates_only() {
    let manifest = std::fs::read_to_string(repository("jobs/migration/Cargo.toml")).unwrap();
    let dependencies = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let names: Vec<_> = dependencies.lines().filter_map(|line| line.split(['.', ' ', '=']).next()).collect();
    let names: Vec<_> = names.into_iter().filter(|name| !name.is_empty()).collect();
    assert_eq!(names, ["serde", "serde_json", "sha2", "thiserror"]);
}

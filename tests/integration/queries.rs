//! What the jobs send is Redshift's: every query file and every statement that is rendered, checked against the tables of
//! redshift-local (`tests/redshift-local/reference`), for both kinds of warehouse: no unknown statement, function or relation,
//! nothing of the leader node's beside anything of the compute nodes' (`c_join_PG`).

use std::fs::read_to_string;
use std::io::Write;
use std::path::{Path, PathBuf};

use migration_tests::environment::repository;
use redshift_local::Kind;
use redshift_local::reference::check;

/// The files below a folder that end so, in the order of their names.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry of the folder").path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|end| end == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Checks a script for these kinds of warehouse, and gives the number of its statements.
#[track_caller]
fn checked(script: &str, kinds: &[Kind], from: &Path) -> usize {
    let count =
        |kind| check(script, kind).unwrap_or_else(|error| panic!("{}: {error}\n{script}", from.display()));
    kinds.iter().map(|&kind| count(kind)).max().unwrap_or_default()
}

/// Prints past the capture of the test's output: a run shows its counts.
pub fn tell(count: &str) {
    writeln!(std::io::stderr(), "{count}").expect("a place for counts");
}

const BOTH: [Kind; 2] = [Kind::Provisioned, Kind::Serverless];

#[test]
fn every_query_file_keeps_the_conventions() {
    let found = files(&repository("sql"), "sql");
    for path in &found {
        let text = read_to_string(path).unwrap();
        let (header, query): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with("--"));
        let (header, query) = (header.join("\n"), query.join("\n").to_lowercase());
        let name = path.display();
        assert!(
            header.contains("-- Needs: ") && header.contains("-- AWS: "),
            "{name}: its header lacks something"
        );
        assert!(
            !(query.contains("pg_") && query.contains("svv_")),
            "{name} mixes leader-node catalogs with SVV views"
        );
        assert!(query.contains("order by") && !query.contains('*'), "{name}: no order, or columns not named");
        let kinds: &[Kind] = if header.contains("-- Only: provisioned") {
            &[Kind::Provisioned]
        } else if header.contains("-- Only: serverless") {
            &[Kind::Serverless]
        } else {
            &BOTH
        };
        assert_eq!(checked(&text, kinds, path), 1, "{name}: not one statement");
    }
    tell(&format!("reference: {} query files checked", found.len()));
    assert!(found.len() >= 15, "{} files", found.len());
}

#[test]
fn every_statement_that_is_rendered_is_one_of_redshifts() {
    let mut count = 0;
    for path in files(&repository("jobs/migration/src/statement"), "rs") {
        let source = read_to_string(&path).unwrap();
        // The code before the tests, and the snapshots in these: a kind of statement is in one at least.
        let (code, samples) = source.split_once("#[cfg(test)]").unwrap_or((&source, ""));
        let snapshots: Vec<_> = snapshots(samples).collect();
        let is_door =
            ["mod.rs", "create_materialized_view.rs", "any_names.rs"].iter().any(|file| path.ends_with(file));
        // What a door renders is a part of a statement at most.
        let texts = if snapshots.is_empty() && !is_door { literals(code) } else { snapshots };
        assert!(is_door || !texts.is_empty(), "{}: no statement in it that could be checked", path.display());
        count += texts.iter().map(|text| checked(text, &BOTH, &path)).sum::<usize>();
    }
    for path in files(&repository("jobs/migration/src/plan/snapshots"), "snap") {
        let snapshot = read_to_string(&path).unwrap();
        let (_, plan) = snapshot.split_once("\n---\n").expect("a snapshot's header");
        count += checked(plan, &BOTH, &path);
    }
    tell(&format!("reference: {count} rendered statements checked"));
    assert!(count >= 80, "{count} statements");
}

/// The inline snapshots of a source file's tests, indented as they are there.
fn snapshots(tests: &str) -> impl Iterator<Item = String> {
    tests.split("assert_snapshot!(").skip(1).filter_map(|snapshot| {
        let (_, text) = snapshot.split_once('@')?;
        let hashes =
            text.strip_prefix('r').map_or(0, |raw| raw.chars().take_while(|sign| *sign == '#').count());
        let close = format!("\"{}", "#".repeat(hashes));
        let (_, text) = text.split_once('"')?;
        text.split_once(&close).map(|(text, _)| text.to_owned())
    })
}

/// The texts of constants and formats, each placeholder a name or, before a parenthesis, an aggregate.
fn literals(code: &str) -> Vec<String> {
    let joined = code.replace("\\\n", "").replace("\\n", "\n");
    let code: Vec<_> = joined.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let pieces: Vec<_> = code.split('"').collect();
    let is_text =
        |before: &str| ["constant(", "format!("].iter().any(|call| before.trim_end().ends_with(call));
    pieces
        .chunks_exact(2)
        .filter(|pair| is_text(pair[0]) && pair[1].starts_with(|first: char| first.is_ascii_uppercase()))
        .map(|pair| {
            let mut pieces = pair[1].split('{');
            let first = pieces.next().unwrap_or_default().to_owned();
            pieces.fold(first, |text, piece| {
                let (_, rest) = piece.split_once('}').unwrap_or_default();
                text + if rest.starts_with('(') { "max" } else { "x" } + rest
            })
        })
        .collect()
}

//! What every query file promises: a header that tells its need and its AWS page, an order, and no mixture of leader-node
//! catalogs with Redshift's own views, which Redshift refuses in one statement (`c_join_PG`).

use migration_tests::environment::repository;

#[test]
fn every_query_keeps_the_conventions() {
    let mut files = 0;
    for entry in std::fs::read_dir(repository("sql/catalog")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
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
        assert!(
            query.trim_end().ends_with(';') && query.matches(';').count() == 1,
            "{name}: not one statement"
        );
        files += 1;
    }
    assert!(files >= 15, "{files} files");
}

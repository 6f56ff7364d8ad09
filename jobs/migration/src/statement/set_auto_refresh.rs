//! ALTER MATERIALIZED VIEW … AUTO REFRESH (`r_ALTER_MATERIALIZED_VIEW`).

use super::Sql;
use crate::name::QualifiedName;

/// Says whether Redshift refreshes a materialized view by itself.
pub fn set_auto_refresh(view: &QualifiedName, on: bool) -> Sql {
    let answer = if on { "YES" } else { "NO" };
    Sql::rendered(format!("ALTER MATERIALIZED VIEW {view} AUTO REFRESH {answer}"))
}

#[cfg(test)]
mod tests {
    use super::super::samples::qualified;
    use super::*;

    #[test]
    fn on_and_off() {
        let view = qualified("s", "v");
        insta::assert_snapshot!(set_auto_refresh(&view, true), @r#"ALTER MATERIALIZED VIEW "s"."v" AUTO REFRESH YES"#);
        insta::assert_snapshot!(set_auto_refresh(&view, false), @r#"ALTER MATERIALIZED VIEW "s"."v" AUTO REFRESH NO"#);
    }
}

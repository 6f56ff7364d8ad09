//! The entries of `pg_dump --schema-only`: one an object, without what two equal objects may differ in.

use crate::environment::path;
use crate::warehouse::{DATABASE, TARGET_DATABASE, TestWarehouse};
use anyhow::{Result, ensure};
use tokio::process::Command;

/// One object, or the rights or the comment on one.
#[derive(Debug)]
pub(super) struct Entry {
    /// Kind, name and schema: `TABLE t of s`, `ACL TABLE t of s`, `SCHEMA s`.
    pub object: String,
    /// The statements that create it, and its owner.
    pub definition: String,
}

/// Dumps what is behind a warehouse, but for redshift-local's own schema.
pub(super) async fn entries(warehouse: &TestWarehouse) -> Result<Vec<Entry>> {
    let postgres = path("REDSHIFT_LOCAL_POSTGRES")?;
    let output = Command::new(postgres.join("bin/pg_dump"))
        .env_clear()
        .env("LD_LIBRARY_PATH", postgres.join("lib"))
        .args(["--schema-only", "--create", "--exclude-schema=redshift_catalog", "--username=rdsdb"])
        .arg(format!("--dbname={}", warehouse.database))
        .arg("--host")
        .arg(warehouse.warehouse.backend_socket())
        .output()
        .await?;
    ensure!(output.status.success(), "pg_dump: {}", String::from_utf8_lossy(&output.stderr));
    // A target that names itself is like a source that does.
    let script = String::from_utf8(output.stdout)?.replace(TARGET_DATABASE, DATABASE);
    let entries: Vec<Entry> = script.split("\n--\n-- Name: ").skip(1).map(entry).collect();
    ensure!(!entries.is_empty(), "pg_dump writes in another way");
    Ok(entries)
}

/// What ends a script.
const END: &str = "\n--\n-- PostgreSQL database dump complete";

/// Reads `name; Type: type; Schema: schema; Owner: owner`, an empty comment line and the statements.
fn entry(text: &str) -> Entry {
    let (header, statements) = text.split_once("\n--\n").unwrap_or((text, ""));
    // Names may hold semicolons.
    let mut name = header;
    let mut last = |label: &str| {
        let (rest, part) = name.rsplit_once(label).unwrap_or((name, ""));
        name = rest;
        part.to_owned()
    };
    let (owner, schema, kind) = (last("; Owner: "), last("; Schema: "), last("; Type: "));
    let (statements, _) = statements.split_once(END).unwrap_or((statements, ""));
    let mut lines: Vec<&str> = statements.trim().lines().filter(|line| !is_noise(&kind, line)).collect();
    if kind.ends_with("ACL") {
        // The order in which rights were granted says nothing.
        lines.sort_unstable();
    }
    let place = if schema == "-" { String::new() } else { format!(" of {schema}") };
    Entry {
        object: format!("{kind} {name}{place}"),
        definition: format!("owner {owner}\n{}", lines.join("\n").trim_end()),
    }
}

/// The name, seed and bounds of an IDENTITY column's sequence, since the migration plans the seed past the source's greatest value on
/// purpose; psql's guard of a script, which has a random key; who stands in for scoped permissions, with a number in the name: these
/// permissions are compared by themselves.
fn is_noise(kind: &str, line: &str) -> bool {
    let begins: &[&str] = match kind {
        "TABLE" | "SEQUENCE" => {
            &["SEQUENCE NAME ", "START WITH ", "MINVALUE ", "MAXVALUE ", "NO MINVALUE", "NO MAXVALUE"]
        }
        "DATABASE" => &["\\restrict ", "\\unrestrict "],
        _ => &[],
    };
    if kind.ends_with("ACL") && line.contains(" TO \"scope ") {
        return true;
    }
    // What pg_dump sets before the next entry.
    let settings = ["SET default_tablespace = ", "SET default_table_access_method = "];
    begins.iter().chain(&settings).any(|start| line.trim_start().starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read_without_its_noise() {
        let text = "t_id_seq; x; Type: SEQUENCE; Schema: s; u; Owner: ann; b\n--\n\nALTER TABLE s.t ADD GENERATED (\n    START WITH 7\n    \
                    INCREMENT BY 2\n);\n\n";
        let Entry { object, definition } = entry(text);
        assert_eq!(object, "SEQUENCE t_id_seq; x of s; u");
        assert_eq!(definition, "owner ann; b\nALTER TABLE s.t ADD GENERATED (\n    INCREMENT BY 2\n);");
        let body = entry(
            "f(); Type: FUNCTION; Schema: s; Owner: ann\n--\n\nCREATE $$\n-- START WITH\n$$;\n\n\n--\n-- PostgreSQL database dump complete\n--\n",
        );
        assert_eq!(body.definition, "owner ann\nCREATE $$\n-- START WITH\n$$;");
        let acl = entry("TABLE t; Type: ACL; Schema: s; Owner: ann\n--\n\nGRANT b;\nGRANT a;\n");
        assert_eq!(acl.definition, "owner ann\nGRANT a;\nGRANT b;");
    }
}

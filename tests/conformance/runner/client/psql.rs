//! Stock psql, one process a session: statements go in on standard input, rows and the outcome come out in fields that no
//! text of a file holds.

use super::{Answer, Refusal};
use crate::endpoint::Endpoint;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// The client's name.
pub const NAME: &str = "psql";

/// Between fields, behind records, behind all that one message brought: ASCII's own separators.
const FIELD: char = '\x1f';
const RECORD: char = '\x1e';
const GROUP: u8 = 0x1d;

/// What NULL looks like.
const NULL: &str = "\x18";

/// A running psql.
pub struct Session {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    _process: Child,
}

/// Starts psql, which connects with verification of chain and host name.
pub fn connect(endpoint: &Endpoint) -> Result<Session, Refusal> {
    let mut process = Command::new(std::env::var_os("PSQL").unwrap_or_else(|| "psql".into()))
        .args(["--no-psqlrc", "--quiet", "--no-align", "--pset=footer=off", "--set=VERBOSITY=verbose"])
        .arg(format!("--field-separator={FIELD}"))
        .arg(format!("--record-separator={RECORD}"))
        .arg(format!("--pset=null={NULL}"))
        .env("PGHOST", &endpoint.host)
        .env("PGPORT", endpoint.port.to_string())
        .env("PGDATABASE", &endpoint.database)
        .env("PGUSER", &endpoint.user)
        .env("PGPASSWORD", &endpoint.password)
        .env("PGAPPNAME", "conformance")
        .env("PGCLIENTENCODING", "UTF8")
        .env("PGSSLMODE", "verify-full")
        .env("PGSSLROOTCERT", endpoint.authorities.as_deref().unwrap_or("system".as_ref()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| lost(&error))?;
    let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
        return Err(Refusal::Connection("psql without pipes".to_owned()));
    };
    Ok(Session { input, output: BufReader::new(output), _process: process })
}

impl Session {
    /// Sends the statements in one message.
    pub async fn run(&mut self, statements: &[&str]) -> Result<Answer, Refusal> {
        // `\;` keeps gathering, `\g` sends; a line end keeps either out of a comment.
        let mut script = statements.join("\n\\;\n");
        script.push_str(
            "\n\\g\n\\echo '\\036'\n\\echo :ERROR :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE\n\\echo '\\035'\n",
        );
        self.input.write_all(script.as_bytes()).await.map_err(|error| lost(&error))?;
        let mut output = Vec::new();
        self.output.read_until(GROUP, &mut output).await.map_err(|error| lost(&error))?;
        if output.pop() != Some(GROUP) {
            return Err(Refusal::Connection("psql ended".to_owned()));
        }
        // The line end behind the last separator.
        self.output.read_until(b'\n', &mut Vec::new()).await.map_err(|error| lost(&error))?;
        let output = String::from_utf8_lossy(&output);
        let (table, outcome) = output.rsplit_once(RECORD).unwrap_or(("", &output));
        let table = table.strip_suffix('\n').unwrap_or(table);
        match outcome.trim().split_once(' ') {
            Some(("false", _)) if table.is_empty() => Ok(Answer::default()),
            Some(("false", _)) => Ok(answer(table)),
            Some((_, error)) => {
                let (sqlstate, message) = error.split_once(' ').unwrap_or((error, ""));
                Err(Refusal::Warehouse { sqlstate: sqlstate.to_owned(), message: message.to_owned() })
            }
            None => Err(Refusal::Connection(format!("psql says {outcome}"))),
        }
    }
}

/// The rows of a message's one table, below its header.
fn answer(table: &str) -> Answer {
    let fields = |record: &str| {
        record.split(FIELD).map(|field| (field != NULL).then(|| field.to_owned())).collect::<Vec<_>>()
    };
    let mut records = table.split(RECORD).map(fields);
    let columns = records.next().map_or(0, |header| header.len());
    Answer { columns, rows: records.collect() }
}

fn lost(error: &std::io::Error) -> Refusal {
    Refusal::Connection(format!("psql: {error}"))
}

"""Where the project's SQL stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
# A string of Rust's, raw or not.
_LITERAL = re.compile(r'r(?P<marks>#*)"(?P<raw>.*?)"(?P=marks)|"(?P<plain>(?:[^"\\]|\\.)*)"', re.DOTALL)
_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
READS_SYSTEM_RELATION = re.compile(
    r"\b(from|join)\s+(\w+\.)?(pg|svv|sys|stl|stv|svl|svcs|information_schema)[_.]\w+", re.IGNORECASE
)


@dataclass(frozen=True)
class Text:
    """One or more statements, and where they stand."""

    sql: str
    place: str
    kinds: frozenset[str] = frozenset({"provisioned", "serverless"})


def query_files() -> Iterator[Text]:
    """The files of `sql/`. One whose header says so is for one kind of warehouse."""
    for path in sorted((ROOT / "sql").rglob("*.sql")):
        text = path.read_text()
        only = re.search(r"^-- Only: (\w+)", text, re.MULTILINE)
        yield Text(text, str(path.relative_to(ROOT)), frozenset({only[1]}) if only else Text.kinds)


def jobs() -> Iterator[Text]:
    """What the jobs render that reads a system relation, with NULL for what is put in; tests left out."""
    for path in sorted((ROOT / "jobs").rglob("*.rs")):
        if path.name == "tests.rs" or "tests" in path.relative_to(ROOT).parts:
            continue
        code = _COMMENT.sub("", path.read_text().split("#[cfg(test)]")[0])
        for literal in _LITERAL.finditer(code):
            sql = literal["raw"]
            if sql is None:
                sql = re.sub(r"\\\n\s*", "", literal["plain"]).replace("\\n", "\n").replace('\\"', '"')
            if READS_SYSTEM_RELATION.search(sql):
                yield Text(_PLACEHOLDER.sub("NULL", sql), str(path.relative_to(ROOT)))


def conformance() -> Iterator[Text]:
    """The records of the conformance files that are not to fail and read a system relation."""
    for path in sorted((ROOT / "tests/conformance").glob("*.slt")):
        for number, record in _records(path.read_text()):
            kinds = {kind for kind in Text.kinds if f"skipif {kind}" not in record}
            kinds = {kind for kind in kinds if f"onlyif {kind}" in record} or kinds
            head, *lines = [line for line in record if not line.startswith(("#", "onlyif ", "skipif "))] or [""]
            sql = "\n".join(lines).split("\n----")[0]
            if not head.startswith("statement error") and READS_SYSTEM_RELATION.search(sql):
                yield Text(sql, f"{path.relative_to(ROOT)}:{number}", frozenset(kinds))


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The records of a sqllogictest file with the numbers of their first lines."""
    record: list[str] = []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line:
            record.append(line)
        elif record:
            yield number - len(record), record
            record = []

"""What the schemas of a tenant hold, by queries that know nothing of the product."""

from pathlib import Path

from local_stack.psql import Psql

HERE = Path(__file__).parent
Facts = dict[str, list[str]]


def take(psql: Psql, schemas: tuple[str, ...]) -> Facts:
    """The facts of each kind, sorted: owners, definitions, comments, keys, columns, privileges and rows."""
    listed = ", ".join(f"'{schema}'" for schema in schemas)
    facts: Facts = {}
    for name in ("inventory.sql", "columns.sql", "rows.sql"):
        for kind, *fact in psql.run(HERE / name, schemas=listed):
            facts.setdefault(kind, []).append("\t".join(fact))
    return {kind: sorted(lines) for kind, lines in facts.items()}


def identities(psql: Psql, schemas: tuple[str, ...]) -> dict[str, str]:
    """The object id of each relation: one that was dropped and made once more has another."""
    listed = ", ".join(f"'{schema}'" for schema in schemas)
    return dict(psql.run(HERE / "identities.sql", schemas=listed))

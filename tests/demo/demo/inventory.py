"""What a warehouse holds, counted by queries of our own on both sides: they know nothing of plans or ledgers."""

from dataclasses import dataclass
from pathlib import Path

from local_stack.psql import Psql

QUERIES = Path(__file__).parent / "inventory"
# In the order of the summary; the file of each is inventory/<kind>.sql with blanks as underscores.
KINDS = (
    "users",
    "groups",
    "memberships",
    "schemas",
    "tables",
    "columns",
    "keys",
    "routines",
    "views of both kinds",
    "materialized views",
    "grants on schemas",
    "grants on relations",
    "grants on routines",
)


@dataclass(frozen=True)
class Inventory:
    """Objects by kind and rows by table."""

    objects: dict[str, int]
    rows: dict[str, int]


def take(psql: Psql, schemas: tuple[str, ...]) -> Inventory:
    """Counts what the schemas hold, and the users and groups of the warehouse."""
    listed = ", ".join("'" + schema.replace("'", "''") + "'" for schema in schemas)
    objects = {}
    for kind in KINDS:
        ((count,),) = psql.run(QUERIES / f"{kind.replace(' ', '_')}.sql", schemas=listed)
        objects[kind] = int(count)
    rows = {name: int(count) for name, count in psql.run(QUERIES / "rows.sql", schemas=listed)}
    return Inventory(objects, rows)

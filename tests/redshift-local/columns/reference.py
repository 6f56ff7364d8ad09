"""The columns of Redshift's relations, and what of them a query reads."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

TABLE = Path(__file__).parents[1] / "reference" / "columns.tsv"
DIALECT = "redshift"
SYSTEM_SCHEMA = "pg_catalog"
SYSTEM_PREFIXES = ("pg_", "svv_", "sys_", "stl_", "stv_", "svl_", "svcs_")
# CURRENT_NAMESPACE is called without parentheses (r_CURRENT_NAMESPACE); sqlglot takes it for a column.
CALLED_WITHOUT_PARENTHESES = {"current_namespace"}


class UnknownColumnError(Exception):
    """A query reads a column that no relation in its scope has, or a system relation that the table does not list."""


@dataclass(frozen=True, order=True)
class SystemColumn:
    """A column of a relation that Redshift brings along."""

    relation: str
    column: str


class Reference:
    """The table, as the schema that sqlglot resolves names by."""

    def __init__(self, table: Path = TABLE) -> None:
        """Reads the table: relation, column, type, kind and origin, separated by tabs."""
        self.kinds: dict[str, str] = {}
        self._schema: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
        for line in table.read_text().splitlines():
            if line.startswith("#"):
                continue
            relation, column, _, kind, _ = line.split("\t")
            schema, _, name = relation.rpartition(".")
            self.kinds[relation] = kind
            columns = self._schema[schema or SYSTEM_SCHEMA].setdefault(name, {})
            if column != "*":
                columns[column] = "text"

    def columns(self, relation: str) -> set[str]:
        """The columns of a relation; none where any is possible."""
        schema, _, name = relation.rpartition(".")
        return set(self._schema[schema or SYSTEM_SCHEMA][name])

    def read_by(self, statement: exp.Expression) -> set[SystemColumn]:
        """The columns of system relations that a statement reads; UnknownColumnError where it cannot be."""
        read: set[SystemColumn] = set()
        for query in _queries(statement):
            read |= self._read_by(query)
        return read

    def _read_by(self, query: exp.Expression) -> set[SystemColumn]:
        query = query.copy()
        defined = {common.alias.lower() for common in query.find_all(exp.CTE)}
        schema: dict[str, dict[str, dict[str, str]]] = {}
        for table in query.find_all(exp.Table):
            if table.name.lower() in defined and not table.db:
                continue
            relation = self._relation(table)
            if relation and (columns := self._schema[relation[0]][relation[1]]):
                table.set("db", exp.to_identifier(relation[0]))
                schema.setdefault(relation[0], {})[relation[1]] = columns
        for column in list(query.find_all(exp.Column)):
            if not column.table and column.name.lower() in CALLED_WITHOUT_PARENTHESES:
                column.replace(exp.Null())
        if not schema and query.find(exp.Table):
            return set()
        _check_order_of_set_operations(query)
        try:
            # Without any schema sqlglot believes every column.
            resolved = qualify(query, schema=schema or {SYSTEM_SCHEMA: self._schema[SYSTEM_SCHEMA]}, dialect=DIALECT)
        except SqlglotError as error:
            raise UnknownColumnError(str(error)) from error
        return set(_system_columns(resolved))

    def _relation(self, table: exp.Table) -> tuple[str, str] | None:
        """Schema and name of a system relation; None for a user's."""
        schema, name = table.db.lower(), table.name.lower()
        for place in [schema] if schema else [SYSTEM_SCHEMA]:
            if name in self._schema.get(place, {}):
                return place, name
            if place == "information_schema" or name.startswith(SYSTEM_PREFIXES):
                message = f"the table does not list the relation {place}.{name}"
                raise UnknownColumnError(message)
        return None


def parse(text: str) -> list[exp.Expression]:
    """The statements of a text; SqlglotError where it is not Redshift's SQL."""
    return [statement for statement in sqlglot.parse(text, dialect=DIALECT) if statement is not None]


def renamed(statement: exp.Expression) -> Iterator[exp.Expression]:
    """Copies of a statement, in each of which another column has a name that no relation has."""
    for number, column in enumerate(statement.find_all(exp.Column)):
        if column.name.lower() in CALLED_WITHOUT_PARENTHESES or isinstance(column.this, exp.Star):
            continue
        copy = statement.copy()
        list(copy.find_all(exp.Column))[number].set("this", exp.to_identifier("no_such_column"))
        yield copy


def _queries(statement: exp.Expression) -> Iterator[exp.Expression]:
    """The outermost queries of a statement."""
    if isinstance(statement, exp.Query):
        yield statement
        return
    for child in statement.iter_expressions():
        yield from _queries(child)


def _check_order_of_set_operations(query: exp.Expression) -> None:
    """A set operation is ordered by output columns, which its first query names; sqlglot lets every name pass there."""
    for operation in query.find_all(exp.SetOperation):
        order = operation.args.get("order")
        for column in order.find_all(exp.Column) if order else ():
            if column.name not in operation.named_selects:
                message = f"ORDER BY {column.name}: the first query has no such column"
                raise UnknownColumnError(message)


def _system_columns(resolved: exp.Expression) -> Iterator[SystemColumn]:
    for scope in traverse_scope(resolved):
        for column in scope.columns:
            source = scope.sources.get(column.table)
            if isinstance(source, exp.Table) and source.db:
                name = source.name if source.db == SYSTEM_SCHEMA else f"{source.db}.{source.name}"
                yield SystemColumn(name, column.name)

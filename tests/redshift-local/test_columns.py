"""Every query reads columns that Redshift has: AWS's pages and PostgreSQL 8.0.2's sources say which."""

import sys
import tempfile
import unittest
from collections.abc import Callable, Iterable
from pathlib import Path

from columns import texts
from columns.reference import TABLE, Reference, SystemColumn, UnknownColumnError, parse, renamed

REFERENCE = Reference()


def tell(count: str) -> None:
    """Prints what `./build.sh test` shows at its end."""
    sys.stderr.write(f"reference: {count}\n")


class Columns(unittest.TestCase):
    """What the project asks a warehouse."""

    def read_by(self, found: Iterable[texts.Text]) -> tuple[int, set[SystemColumn]]:
        """Checks texts; the number of statements, and the columns that they read."""
        count, read = 0, set[SystemColumn]()
        for text in found:
            with self.subTest(text.place):
                for statement in parse(text.sql):
                    columns = REFERENCE.read_by(statement)
                    for relation in {column.relation for column in columns}:
                        kind = REFERENCE.kinds[relation]
                        everywhere = kind not in {"provisioned", "serverless"}
                        self.assertTrue(everywhere or text.kinds == {kind}, f"{relation} is of {kind} warehouses alone")
                    count += 1
                    read |= columns
        return count, read

    def check(self, what: str, source: Callable[[], Iterable[texts.Text]]) -> int:
        """Checks the texts of a source and tells how many columns were looked up."""
        count, read = self.read_by(source())
        relations = len({column.relation for column in read})
        tell(f"{count} statements of {what} checked, {len(read)} columns of {relations} system relations")
        return len(read)

    def test_query_files(self) -> None:
        """The files of `sql/`."""
        self.assertGreater(self.check("sql/", texts.query_files), 200)

    def test_jobs(self) -> None:
        """What the jobs render themselves."""
        self.assertGreater(self.check("the jobs", texts.jobs), 10)

    def test_conformance_files(self) -> None:
        """What the conformance files ask, but for what is to be refused."""
        self.assertGreater(self.check("tests/conformance", texts.conformance), 300)

    def test_every_renamed_column_is_noticed(self) -> None:
        """A column with another name, one at a time, in every query of the project."""
        mutations = 0
        for text in (*texts.query_files(), *texts.jobs()):
            for statement in parse(text.sql):
                for mutation in renamed(statement):
                    mutations += 1
                    with self.subTest(text.place), self.assertRaises(UnknownColumnError):
                        REFERENCE.read_by(mutation)
        tell(f"{mutations} mutations of column names caught")
        self.assertGreater(mutations, 400)

    def test_a_column_that_leaves_the_table_is_noticed(self) -> None:
        """The table is what decides: without a column that a query reads, that query fails."""
        with tempfile.TemporaryDirectory() as directory:
            shorter = Path(directory) / "columns.tsv"
            lines = [line for line in TABLE.read_text().splitlines() if not line.startswith("pg_class_info\treloid\t")]
            shorter.write_text("\n".join(lines))
            (tables,) = parse((texts.ROOT / "sql/catalog/tables.sql").read_text())
            with self.assertRaisesRegex(UnknownColumnError, "reloid"):
                Reference(shorter).read_by(tables)

    def test_a_relation_that_the_table_does_not_list_is_noticed(self) -> None:
        """Whether a query names its schema or not."""
        for relation in ("pg_sequence", "pg_catalog.pg_sequence", "information_schema.no_such", "svv_no_such"):
            (query,) = parse(f"SELECT 1 FROM {relation}")
            with self.subTest(relation), self.assertRaisesRegex(UnknownColumnError, "does not list"):
                REFERENCE.read_by(query)

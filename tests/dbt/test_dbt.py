"""What dbt builds is dbt's on the target, too.

dbt-core and dbt-redshift build a project on the source: views, views without binding, tables, an incremental model, a
materialized view, a seed, snapshots, grants, comments, tests. The jobs move it to a database of another name, one
tenant from a cluster to a workgroup and one the other way. Then

- both sides hold the same, by this directory's queries and by what `dbt docs generate` asks;
- `dbt build` on the target passes and changes nothing: no row, definition, column, grant, owner or comment; what dbt
  keeps (the incremental model, the materialized view, seed and snapshots) are the relations that the jobs made;
- when the loader brings more, a build makes the same of it on the target as on the source.

What it does not prove: that Redshift takes each of dbt's statements (redshift-local is held to AWS's pages), the
strategy `merge` (there is no MERGE in redshift-local), and logins by other means than a password.
"""

import os
import re
import shutil
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import inventory
from dairy import EXECUTABLES, HERE, Dairy, Side, dairies
from inventory import Facts
from local_stack.stack import Programs, Stack, new_password

LAUNCHER = HERE.parents[1] / "jobs/launcher/launch.py"
# What dbt does not make again when it builds.
KEPT = (
    "{0}.breeds",
    "{0}_marts.milkings",
    "{0}_marts.milk_by_day",
    "{0}_snapshots.cow_history",
    "{0}_snapshots.breed_history",
)


CREATED = re.compile(r"create (materialized )?view (\"[^\"]+\"\.){1,2}\"[^\"]+\"\s+(?=as|backup)", re.IGNORECASE)


@dataclass(frozen=True)
class Course:
    """What was seen in the course of one tenant's migration."""

    dairy: Dairy
    built: Facts  # the source, after dbt's first build
    arrived: Facts  # the target, after the jobs
    rebuilt: Facts  # the target, after dbt's build there
    grown: tuple[Facts, Facts]  # source and target, after the loader brought more and dbt built both
    before: dict[str, str]  # the ids of the target's relations, before dbt's build there and after
    after: dict[str, str]
    results: dict[str, str]  # of dbt's build on the target
    catalogs: tuple[dict[str, Any], dict[str, Any]]  # source and target, as dbt documents them


def run(dairy: Dairy) -> Course:
    """Builds, moves, builds again, and looks after each step."""
    source, target = (dairy.psql(side) for side in (dairy.source, dairy.target))
    dairy.load()
    dairy.dbt(dairy.source, "build")
    built = inventory.take(source, dairy.schemas)
    described = dairy.dbt(dairy.source, "docs", "generate").catalog()
    dairy.migrate("move")
    target.run(HERE / "after.sql", **dairy.names, password=dairy.password)
    arrived, before = inventory.take(target, dairy.schemas), inventory.identities(target, dairy.schemas)
    results = dairy.dbt(dairy.target, "build").results()
    rebuilt, after = inventory.take(target, dairy.schemas), inventory.identities(target, dairy.schemas)
    catalogs = (described, dairy.dbt(dairy.target, "docs", "generate").catalog())
    grown = (grow(dairy, dairy.source), grow(dairy, dairy.target))
    return Course(dairy, built, arrived, rebuilt, grown, before, after, results, catalogs)


def grow(dairy: Dairy, side: Side) -> Facts:
    """Loads more and lets dbt build."""
    psql = dairy.psql(side)
    psql.run(HERE / "more.sql", **dairy.names)
    dairy.dbt(side, "build")
    return inventory.take(psql, dairy.schemas)


def described(entry: dict[str, Any]) -> tuple[object, ...]:
    """What dbt documents of a relation, but for the database's name and what measures its size."""
    metadata, stats = entry["metadata"], entry["stats"]
    columns = [(it["index"], it["name"], it["type"], it["comment"]) for it in entry["columns"].values()]
    physical = [stats[it]["value"] for it in ("diststyle", "sortkey1", "encoded") if it in stats]
    return metadata["type"], metadata["owner"], metadata["comment"], columns, physical


def timeless(dairy: Dairy, facts: Facts) -> list[str]:
    """The rows, without when dbt loaded a milking: the last column."""
    milkings = f"{dairy.name}_marts.milkings\t"
    return [row.rpartition("\t")[0] if row.startswith(milkings) else row for row in facts["row"]]


def plain(lines: list[str]) -> list[str]:
    """The facts, without what a view was called as it was made: dbt gives it its name after that, the jobs at once."""
    return [CREATED.sub(lambda made: f"create {(made[1] or '').lower()}view ", line, count=1) for line in lines]


class DbtAsClient(unittest.TestCase):
    """Both directions, side by side."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        directory = Path(tempfile.mkdtemp(dir=os.environ.get("TMPDIR")))
        directory.chmod(0o755)
        cls.addClassCleanup(shutil.rmtree, directory)
        stack = Stack(directory / "stack")
        cls.addClassCleanup(stack.stop)
        programs = Programs(
            Path(os.environ["REDSHIFT_LOCAL"]), Path(os.environ["REDSHIFT_LOCAL_POSTGRES"]), LAUNCHER, EXECUTABLES
        )
        description = stack.start(programs, "unused")
        with ThreadPoolExecutor() as pool:
            cls.courses = list(pool.map(run, dairies(description, directory, new_password())))

    def test_everything_arrives(self):
        for course in self.courses:
            with self.subTest(course.dairy.name):
                names = [f'"{side.warehouse.database}"' for side in (course.dairy.source, course.dairy.target)]
                self.assertNotEqual(*names)
                built = {kind: [line.replace(*names) for line in lines] for kind, lines in course.built.items()}
                self.assert_same(built, course.arrived)

    def test_build_on_the_target_changes_nothing(self):
        for course in self.courses:
            with self.subTest(course.dairy.name):
                self.assertEqual(set(course.results.values()), {"pass", "success"}, course.results)
                self.assert_same(course.arrived, course.rebuilt)

    def test_what_dbt_keeps_is_what_the_jobs_made(self):
        for course in self.courses:
            with self.subTest(course.dairy.name):
                for name in KEPT:
                    relation = name.format(course.dairy.name)
                    self.assertEqual(course.before[relation], course.after[relation], relation)
                # A table is made again: the ids tell.
                table = f"{course.dairy.name}_marts.cows"
                self.assertNotEqual(course.before[table], course.after[table])

    def test_dbt_documents_both_sides_alike(self):
        for course in self.courses:
            with self.subTest(course.dairy.name):
                source, target = course.catalogs
                self.assertGreater(len(source), 10)
                for key in source.keys() | target.keys():
                    self.assertEqual(described(source[key]), described(target[key]), key)

    def test_dbt_goes_on_where_it_was(self):
        for course in self.courses:
            with self.subTest(course.dairy.name):
                source, target = course.grown
                self.assertEqual(timeless(course.dairy, source), timeless(course.dairy, target))
                milkings = f"{course.dairy.name}_marts.milkings\t"
                rows = [row for row in target["row"] if row.startswith(milkings)]
                kept = [row for row in course.built["row"] if row.startswith(milkings)]
                self.assertEqual(len(rows), len(kept) + 2)
                self.assertLessEqual(set(kept), set(rows))

    def assert_same(self, one: Facts, other: Facts) -> None:
        """Kind by kind, so that a difference is a short one."""
        for kind in ("owner", "definition", "comment", "key", "column", "privilege", "row"):
            self.assertTrue(one[kind], kind)
            self.assertEqual(plain(one[kind]), plain(other[kind]), kind)

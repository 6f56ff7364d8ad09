"""The migration as an operator does it by hand: a Glue run for each part, the ledger read in between."""

from dataclasses import dataclass
from typing import Any

from aws_local.provision import Deployment
from local_stack.stack import Description

from demo import glue_runs
from demo.ledger import Ledger, Table
from demo.progress import Progress

# As many as may run on the demo's machine without waiting for each other.
RUNS_AT_ONCE = 2


class MigrationError(Exception):
    """The migration cannot go on, or has not moved all."""


@dataclass(frozen=True)
class Migration:
    """One run of all jobs under one run id."""

    stack: Description
    schemas: tuple[str, ...]
    run_id: str
    progress: Progress

    @property
    def ledger(self) -> Ledger:
        """What the jobs write."""
        deployment = self.stack.deployment
        return Ledger(self.stack.endpoint, deployment.data_bucket, deployment.tenant, self.run_id)

    def create_schema_objects(self) -> dict[str, Any]:
        """Runs the schema job; returns its outcome."""
        self._run("migrate-schema")
        return _finished(self.ledger.schema(), "migrate-schema")

    def migrate_tables(self) -> None:
        """Runs the data job once for each list of tables that the schema job wrote."""
        lists = self.ledger.items()
        total, moved, failed = sum(len(item.tables) for item in lists), 0, []
        items = [(item, self._arguments() | {"--TABLES": item.uri}) for item in lists]
        for item, ended in glue_runs.run_each(self.stack.endpoint, self._job("migrate-data"), items, RUNS_AT_ONCE):
            if not ended.succeeded:
                raise MigrationError(str(ended))
            self.progress.note(ended.line)
            for table in item.tables:
                outcome = self.ledger.table(table)
                moved += 1
                self.progress.step(moved, total, _line(table, outcome))
                if outcome["status"] != "finished":
                    failed.append(str(table))
        if failed:
            raise MigrationError(f"{len(failed)} of {total} tables were not moved: {', '.join(failed)}")

    def refresh_views(self) -> None:
        """Runs the job of materialized views and what stands on them."""
        self._run("refresh-views")
        _finished(self.ledger.views(), "refresh-views")

    def _run(self, executable: str) -> None:
        ended = glue_runs.run(self.stack.endpoint, self._job(executable), self._arguments())
        if not ended.succeeded:
            raise MigrationError(str(ended))
        self.progress.note(ended.line)

    def _job(self, executable: str) -> str:
        deployment: Deployment = self.stack.deployment
        return deployment.jobs[executable]

    def _arguments(self) -> dict[str, str]:
        return {"--SCHEMAS": ",".join(self.schemas), "--RUN_ID": self.run_id}


def _line(table: Table, outcome: dict[str, Any]) -> str:
    if outcome["status"] != "finished":
        return f"{table.schema}.{table.name}  {outcome['error']['message']}"
    seconds = sum(outcome["seconds"].values())
    return f"{table.schema}.{table.name}  {outcome['rows']['loaded']:,} rows  {seconds:.1f} s"


def _finished(outcome: dict[str, Any], job: str) -> dict[str, Any]:
    if outcome["status"] != "finished":
        causes = [f"{step['object']}: {step['message']}; {step['remedy']}" for step in outcome["failed"]]
        raise MigrationError(f"{job} ended {outcome['status']}: " + " | ".join(causes))
    return outcome

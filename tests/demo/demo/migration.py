"""The migration as an operator does it by hand: a Glue run for each part, the ledger read in between."""

from dataclasses import dataclass
from typing import Any

from aws_local.provision import Deployment
from local_stack.stack import Description

from demo import glue_runs
from demo.ledger import Ledger, Table
from demo.progress import Progress

# As many as may run on the demo's machine without waiting for each other.
TABLES_AT_ONCE = 4


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
        """Runs the data job once for each table that the schema job listed."""
        tables = self.ledger.tables()
        items = [(table, self._arguments() | {"--TABLE_NAME": str(table)}) for table in tables]
        failed = []
        runs = glue_runs.run_each(self.stack.endpoint, self._job("migrate-data"), items, TABLES_AT_ONCE)
        for done, (table, ended) in enumerate(runs, start=1):
            self.progress.step(done, len(tables), self._line(table, ended))
            if not ended.succeeded:
                failed.append(str(table))
        if failed:
            raise MigrationError(f"{len(failed)} of {len(tables)} tables were not moved: {', '.join(failed)}")

    def refresh_views(self) -> None:
        """Runs the job of materialized views and what stands on them."""
        self._run("refresh-views")
        _finished(self.ledger.views(), "refresh-views")

    def _line(self, table: Table, ended: glue_runs.Ended) -> str:
        if not ended.succeeded:
            return str(ended)
        outcome = self.ledger.table(table)
        return f"{table.schema}.{table.name}  {outcome['rows']['loaded']:,} rows  {ended.seconds:.1f} s"

    def _run(self, executable: str) -> None:
        ended = glue_runs.run(self.stack.endpoint, self._job(executable), self._arguments())
        if not ended.succeeded:
            raise MigrationError(str(ended))
        self.progress.note(f"Glue run {ended.run_id[:12]}… {ended.state.lower()} in {ended.seconds:.1f} s")

    def _job(self, executable: str) -> str:
        deployment: Deployment = self.stack.deployment
        return deployment.jobs[executable]

    def _arguments(self) -> dict[str, str]:
        return {"--SCHEMAS": ",".join(self.schemas), "--RUN_ID": self.run_id}


def _finished(outcome: dict[str, Any], job: str) -> dict[str, Any]:
    if outcome["status"] != "finished":
        causes = [f"{step['object']}: {step['message']}; {step['remedy']}" for step in outcome["failed"]]
        raise MigrationError(f"{job} ended {outcome['status']}: " + " | ".join(causes))
    return outcome

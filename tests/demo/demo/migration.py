"""The migration as an operator does it: an execution of the deployed state machine, followed to its end."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_local.assembly import DeployedStack
from aws_local.endpoint import Endpoint
from deployment.data_bucket import REPORT_DOCUMENT, REPORT_PAGE, DataBucket
from deployment.executions import Ended, start, wait

from demo.progress import Progress

POLL_SECONDS = 0.2


class MigrationError(Exception):
    """The migration has not moved all."""


@dataclass(frozen=True)
class Migration:
    """Executions of one deployed environment."""

    endpoint: Endpoint
    deployed: DeployedStack
    progress: Progress

    def run(self, given: dict[str, Any]) -> Ended:
        """An execution that must succeed; its events and its tables are told as they come."""
        arn = start(self.endpoint, self.deployed.outputs["StateMachineArn"], given)
        client = self.endpoint.client("stepfunctions")
        followed = Followed(self, arn.split(":")[-1])
        running = True
        while running:
            running = client.describe_execution(executionArn=arn)["status"] == "RUNNING"
            followed.tell(client.get_execution_history(executionArn=arn, maxResults=1000)["events"])
            time.sleep(POLL_SECONDS)
        ended = wait(self.endpoint, arn)
        if ended.status != "SUCCEEDED":
            raise MigrationError(f"the execution {ended.status.lower()}: {ended.cause}")
        return ended

    @property
    def bucket(self) -> DataBucket:
        """Where the ledger and the reports lie."""
        return DataBucket(self.endpoint, self.deployed.outputs["DataBucket"].removeprefix("s3://"))

    def fetch_report(self, ended: Ended, directory: Path) -> Path:
        """Copies the report of an execution into a directory; returns where the page is."""
        directory.mkdir(parents=True, exist_ok=True)
        for name in (REPORT_PAGE, REPORT_DOCUMENT):
            (directory / name).write_bytes(self.bucket.read(ended.output["report"].replace(REPORT_PAGE, name)))
        return directory / REPORT_PAGE

    def keys(self, name: str, run: str) -> list[str]:
        """The keys of a run that hold this name, whoever the tenant is."""
        return [key for key in self.bucket.keys("runs/") if f"/{run}/{name}" in key]


class Followed:
    """What has been told of an execution."""

    def __init__(self, migration: Migration, run: str) -> None:
        self._migration = migration
        self._run = run
        self._told = 0
        self._moved: set[str] = set()

    def tell(self, events: list[dict[str, Any]]) -> None:
        """Tells what is new."""
        # An execution may be seen before its first event is.
        if not events:
            return
        self._tell_tables()
        begun = events[0]["timestamp"]
        for event in events[self._told :]:
            if line := _line(event):
                self._migration.progress.note(f"{(event['timestamp'] - begun).total_seconds():6.1f} s  {line}")
        self._told = len(events)

    def _tell_tables(self) -> None:
        # What the map's children do is in no event of their parent, and in the ledger.
        documents = self._migration.keys("tables/", self._run)
        new = [key for key in documents if key not in self._moved]
        if not new:
            return
        items = self._migration.keys("items/", self._run)
        total = sum(len(self._migration.bucket.document(key)["tables"]) for key in items)
        for key in new:
            outcome = self._migration.bucket.document(key)
            if outcome["status"] == "finished":
                self._moved.add(key)
                self._migration.progress.step(len(self._moved), total, _table(outcome))


def _line(event: dict[str, Any]) -> str | None:
    """What an event says, if it says something: a state, or the end of a Glue run."""
    if entered := event.get("stateEnteredEventDetails"):
        return entered["name"]
    if event["type"] == "TaskSucceeded" and event["taskSucceededEventDetails"]["resourceType"] == "glue":
        run = json.loads(event["taskSucceededEventDetails"]["output"])
        return f"  Glue run {run['Id'][:12]}… {run['JobRunState'].lower()}"
    if failed := event.get("taskFailedEventDetails"):
        return f"  {failed['error']}: {failed.get('cause', '')[:200]}"
    return None


def _table(outcome: dict[str, Any]) -> str:
    seconds = sum(outcome["seconds"].values())
    return f"{outcome['schema']}.{outcome['table']}  {outcome['rows']['loaded']:,} rows  {seconds:.1f} s"

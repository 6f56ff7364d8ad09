"""Runs of Glue jobs that ended before the test began, so that a test knows their times to the second.

They are put where moto keeps its own: the jobs themselves are created through the API.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aws_local.endpoint import Endpoint
from moto.core import DEFAULT_ACCOUNT_ID
from moto.glue.models import glue_backends

BEGIN = datetime(2026, 3, 1, 22, 15, tzinfo=UTC)


@dataclass(frozen=True)
class PastRun:
    """A run as GetJobRuns tells of it ("JobRun structure", AWS Glue API Reference)."""

    number: int
    after: int  # seconds after BEGIN
    seconds: int
    arguments: dict[str, str]
    state: str = "SUCCEEDED"
    error: str | None = None

    def advance(self) -> None:
        """Does not go on at each look, as moto's own runs do: it is over."""

    def as_dict(self) -> dict[str, Any]:
        """The JobRun structure."""
        started = BEGIN + timedelta(seconds=self.after)
        told = {
            "Id": f"jr_{self.number:064x}",
            "Attempt": 0,
            "StartedOn": started,
            "CompletedOn": started + timedelta(seconds=self.seconds),
            "JobRunState": self.state,
            "ExecutionTime": self.seconds,
            "MaxCapacity": 0.0625,
            "Arguments": self.arguments,
        }
        return told | ({"ErrorMessage": self.error} if self.error else {})


class PastJob:
    """A Glue job with runs of the past."""

    def __init__(self, endpoint: Endpoint, name: str) -> None:
        """Creates the job."""
        command = {"Name": "pythonshell", "PythonVersion": "3.9", "ScriptLocation": "s3://none/none.py"}
        endpoint.client("glue").create_job(Name=name, Role="role", Command=command)
        self._runs = glue_backends[DEFAULT_ACCOUNT_ID][endpoint.region].jobs[name].job_runs

    def ran(
        self,
        tenant: str,
        run_id: str,
        *,
        after: int,
        seconds: int,
        state: str = "SUCCEEDED",
        error: str | None = None,
    ) -> None:
        """Adds a run that started so many seconds after BEGIN."""
        arguments = {"--TENANT_NAME": tenant, "--RUN_ID": run_id}
        self._runs.insert(0, PastRun(len(self._runs), after, seconds, arguments, state, error))

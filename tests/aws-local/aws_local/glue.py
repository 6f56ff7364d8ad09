"""Glue runs as real processes, on moto's Glue: StartJobRun, GetJobRun(s) and BatchStopJobRun.

Jobs are moto's, with UpdateJob besides. Only Python shell jobs are run; of another kind StartJobRun is refused.
"""

import inspect
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import underscores_to_camelcase, utcnow
from moto.glue.exceptions import ConcurrentRunsExceededException, InvalidInputException, JobRunNotFoundException
from moto.glue.models import FakeJob, FakeJobRun
from moto.glue.responses import GlueResponse
from moto.logs.models import logs_backends

from aws_local.endpoint import Endpoint
from aws_local.glue_process import GlueProcess
from aws_local.metadata import MetadataService
from aws_local.run_log import GROUP, publish

SECONDS_PER_MINUTE = 60.0
# Timeout of a run whose job names none (AWS Glue API Reference, "Jobs": 480 minutes for new jobs).
DEFAULT_TIMEOUT_MINUTES = 480
# A directory whose boto3 is none.
LIBRARY_SET_NONE = Path(__file__).parent / "library_set_none"
ENDED = frozenset({"SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR"})


@dataclass(frozen=True)
class Runtime:
    """Where runs are kept and what their processes find around them."""

    directory: Path
    endpoint: Callable[[str], Endpoint]  # in a region
    environment: Callable[[str, Path], dict[str, str]]  # in a region and the run's directory
    metadata: Callable[[str], MetadataService]  # of a run with this role


class Run(FakeJobRun):
    """A run of a Python shell job: started in a thread of its own, which follows the process to its end."""

    def __init__(self, runtime: Runtime, job: FakeJob, **settings: Any) -> None:
        self._state = "STARTING"
        self._error: str | None = None
        self._process: GlueProcess | None = None
        self._stop_requested = False
        self._lock = threading.Lock()
        self._ended_at: float | None = None
        super().__init__(job_name=job.name, **settings)
        self.completed_on = None
        self._job = job
        self._runtime = runtime
        self._started_at = time.monotonic()
        self._directory = runtime.directory / job.name / self.job_run_id
        self._directory.mkdir(parents=True)
        self._thread = threading.Thread(target=self._follow, name=self.job_run_id, daemon=True)
        self._thread.start()

    @property
    def status(self) -> str:
        """The JobRunState."""
        return self._state

    @status.setter
    def status(self, _value: str) -> None:
        """Ignores moto, which would advance the state at each look: here the process does."""

    def stop(self) -> None:
        """Stops the run: BatchStopJobRun answers before the run has ended, as on AWS."""
        with self._lock:
            if self._state in ENDED:
                return
            self._state = "STOPPING"
            self._stop_requested = True
            process = self._process
        if process:
            threading.Thread(target=process.stop, daemon=True).start()

    def join(self) -> None:
        """Waits until the run has ended."""
        self._thread.join()

    def as_dict(self) -> dict[str, Any]:
        """The JobRun structure (AWS Glue API Reference, "Job runs"), without what has no value."""
        until = self._ended_at or time.monotonic()
        facts = super().as_dict() | {
            "CompletedOn": self.completed_on,
            "ErrorMessage": self._error,
            "ExecutionTime": int(until - self._started_at),
            "GlueVersion": self._job.glue_version,
            "LogGroupName": GROUP,
        }
        return {name: value for name, value in facts.items() if value is not None}

    def _follow(self) -> None:
        try:
            script = self._fetch_script()
            with self._runtime.metadata(self._job.role) as metadata:
                with self._lock:
                    if self._stop_requested:
                        self._end("STOPPED", None)
                        return
                    environment = self._environment() | metadata.environment()
                    self._process = GlueProcess(self._directory, script, self._argv(), environment)
                    self._state = "RUNNING"
                minutes = self.timeout or DEFAULT_TIMEOUT_MINUTES
                outcome = self._process.wait(minutes * SECONDS_PER_MINUTE)
            backend = self._job.backend
            publish(logs_backends[backend.account_id][backend.region_name], self.job_run_id, self._directory)
            self._end(outcome.state, outcome.error)
        except Exception as error:  # whatever it was, the run must end, and say why
            self._end("FAILED", f"cannot start the run: {error}")

    def _end(self, state: str, error: str | None) -> None:
        self._error = error
        self.modified_on = self.completed_on = utcnow()
        self._ended_at = time.monotonic()
        self._state = state

    def _fetch_script(self) -> Path:
        bucket, _, key = self._job.command["ScriptLocation"].removeprefix("s3://").partition("/")
        s3 = self._runtime.endpoint(self._job.backend.region_name).client("s3")
        script = self._directory / Path(key).name
        s3.download_file(bucket, key, str(script))
        return script

    def _environment(self) -> dict[str, str]:
        environment = self._runtime.environment(self._job.backend.region_name, self._directory)
        # "Configuring job properties for Python shell jobs" (Glue Developer Guide) lists boto3 for `analytics` alone,
        # and does not say which set is the default.
        if (self.arguments or {}).get("library-set") != "analytics":
            environment["PYTHONPATH"] = str(LIBRARY_SET_NONE)
        return environment

    def _argv(self) -> list[str]:
        return [word for key, value in (self.arguments or {}).items() for word in (key, str(value))]


class Runs:
    """Every run of the server; the place of the patches on moto."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._started: list[Run] = []
        self._lock = threading.Lock()

    def install(self) -> None:
        """Puts process-backed runs in the place of moto's."""
        runs = self

        def start_job_run(job: FakeJob, previous_run_id: str | None = None, **settings: Any) -> str:
            return runs.start(job, previous_run_id, settings)

        def batch_stop_job_run(response: GlueResponse) -> ActionResult:
            return ActionResult(stop_runs(response))

        FakeJob.start_job_run = start_job_run
        GlueResponse.batch_stop_job_run = batch_stop_job_run
        GlueResponse.update_job = lambda response: ActionResult(update_job(response))

    def start(self, job: FakeJob, previous_run_id: str | None, settings: dict[str, Any]) -> str:
        """StartJobRun: the run's arguments over the job's, never more runs at once than MaxConcurrentRuns."""
        command = (job.command or {}).get("Name")
        if command != "pythonshell":
            raise InvalidInputException(
                "StartJobRun", f"aws-local runs Python shell jobs only, and {job.name} is of kind {command}"
            )
        given = settings.pop("arguments", None) or {}
        arguments = job.default_arguments | given | (job.non_overridable_arguments or {})
        for name in ("allocated_capacity", "max_capacity", "timeout", "worker_type", "security_configuration"):
            settings[name] = settings.get(name) or getattr(job, name)
        with self._lock:
            running = sum(run.status not in ENDED for run in job.job_runs)
            if running >= int(job.execution_property.get("MaxConcurrentRuns", 1)):
                raise ConcurrentRunsExceededException(f"Concurrent runs exceeded for {job.name}")
            run = Run(self._runtime, job, arguments=arguments, job_run_id=previous_run_id, **settings)
            job.job_runs.insert(0, run)  # GetJobRuns lists the newest first
            self._started.append(run)
        return run.job_run_id

    def stop(self) -> None:
        """Stops what still runs, and waits for it."""
        running = [run for run in self._started if run.status not in ENDED]
        for run in running:
            run.stop()
        for run in running:
            run.join()


def stop_runs(response: GlueResponse) -> dict[str, Any]:
    """BatchStopJobRun: what could be stopped, and what could not."""
    name = response._get_param("JobName")
    stopped, errors = [], []
    for run_id in response._get_param("JobRunIds"):
        try:
            response.glue_backend.get_job_run(name, run_id).stop()
            stopped.append({"JobName": name, "JobRunId": run_id})
        except JobRunNotFoundException as error:
            detail = {"ErrorCode": "EntityNotFoundException", "ErrorMessage": error.message}
            errors.append({"JobName": name, "JobRunId": run_id, "ErrorDetail": detail})
    return {"SuccessfulSubmissions": stopped, "Errors": errors}


def update_job(response: GlueResponse) -> dict[str, Any]:
    """UpdateJob: the whole definition is replaced; runs and tags stay (AWS Glue API Reference, "UpdateJob")."""
    name, update = response._get_param("JobName"), response._get_param("JobUpdate")
    job = response.glue_backend.get_job(name)
    settings = inspect.signature(FakeJob).parameters.keys() - {"name", "tags", "backend"}
    given = {setting: update.get(underscores_to_camelcase(setting.capitalize())) for setting in settings}
    updated = FakeJob(name=name, tags={}, backend=job.backend, **given)
    updated.job_runs = job.job_runs
    response.glue_backend.jobs[name] = updated
    return {"JobName": name}

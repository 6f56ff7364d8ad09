"""Glue runs as an operator starts and watches them."""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

from aws_local.endpoint import Endpoint

POLL_SECONDS = 0.2
ENDED = frozenset({"SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR"})


@dataclass(frozen=True)
class Ended:
    """A run that has ended."""

    job: str
    run_id: str
    state: str
    error: str | None
    seconds: float

    @property
    def succeeded(self) -> bool:
        """Whether the job ended with exit status 0; what it did is for the ledger to tell."""
        return self.state == "SUCCEEDED"

    @property
    def line(self) -> str:
        """The run in a line, with its time."""
        return f"Glue run {self.run_id[:12]}… {self.state.lower()} in {self.seconds:.1f} s"

    def __str__(self) -> str:
        """The run in a line."""
        return f"{self.job} {self.state.lower()}" + (f": {self.error}" if self.error else "")


def run(endpoint: Endpoint, job: str, arguments: dict[str, str]) -> Ended:
    """Starts a run of the job and waits for its end."""
    glue = endpoint.client("glue")
    begun = time.monotonic()
    run_id = glue.start_job_run(JobName=job, Arguments=arguments)["JobRunId"]
    while (it := glue.get_job_run(JobName=job, RunId=run_id)["JobRun"])["JobRunState"] not in ENDED:
        time.sleep(POLL_SECONDS)
    return Ended(job, run_id, it["JobRunState"], it.get("ErrorMessage"), time.monotonic() - begun)


def run_each(
    endpoint: Endpoint, job: str, items: Iterable[tuple[Any, dict[str, str]]], at_once: int
) -> Iterator[tuple[Any, Ended]]:
    """Runs the job once for each item with the item's arguments; yields each item with its run as the run ends."""
    with ThreadPoolExecutor(at_once) as pool:
        runs = {pool.submit(run, endpoint, job, arguments): item for item, arguments in items}
        for done in as_completed(runs):
            yield runs[done], done.result()

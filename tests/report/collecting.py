"""A test case that writes documents of runs, starts collect-report on them, and reads what that wrote."""

import contextlib
import itertools
import json
import os
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from past_runs import PastJob
from run_documents import PREFIX, RunDocuments, segment
from running_server import WithServer

EXECUTABLE = Path(os.environ["EXECUTABLES"]) / "collect-report"
TENANT = "Ærø & Co (2.)"
KILLED = -9


@dataclass(frozen=True)
class Ended:
    """How the job ended, and what it took."""

    status: int
    out: str
    error: str
    seconds: float
    megabytes: float

    @property
    def last_line(self) -> str:
        """What Glue shows as the run's error message."""
        return self.error.rstrip("\n").rpartition("\n")[2]


@dataclass(frozen=True)
class Told:
    """What the job wrote of a run."""

    folder: str  # the key of the report's folder, with its final slash
    report: dict[str, Any]
    page: str
    retry_file: dict[str, Any] | None
    verdict: dict[str, Any]


class WithReports(WithServer):
    """Runs in an endpoint of their own, and the real job."""

    numbers = itertools.count(1)

    def new_run(self, tenant: str = TENANT) -> RunDocuments:
        """The documents of a run that nobody has begun."""
        return RunDocuments(self.s3, self.bucket, tenant, f"run-{next(self.numbers)}.é")

    def new_jobs(self) -> tuple[dict[str, PastJob], str]:
        """Glue jobs that ran before the test, and the value of --GLUE_JOBS that names them."""
        names = {job: f"{job}-{next(self.numbers)}" for job in ("migrate-schema", "migrate-data", "refresh-views")}
        jobs = {job: PastJob(self.endpoint, name) for job, name in names.items()}
        return jobs, ",".join(f"{job}={name}" for job, name in names.items())

    def start(self, run: RunDocuments, *arguments: str, url: str | None = None) -> subprocess.Popen:
        """Starts the job, against the endpoint or what stands before it."""
        environment = {"PATH": os.defpath} | self.endpoint.environment()
        if url:
            environment["AWS_ENDPOINT_URL"] = url
        place = ("--S3_BUCKET", f"s3://{self.bucket}/{PREFIX}", "--TENANT_NAME", run.tenant, "--RUN_ID", run.run_id)
        with (self.directory / "out").open("wb") as out, (self.directory / "error").open("wb") as error:
            return subprocess.Popen([EXECUTABLE, *place, *arguments], env=environment, stdout=out, stderr=error)

    def wait(self, process: subprocess.Popen) -> Ended:
        """Waits for the job's end."""
        began, peak = time.monotonic(), 0.0
        while process.poll() is None:
            peak = max(peak, peak_megabytes(process.pid))
            time.sleep(0.02)
        out, error = ((self.directory / name).read_text() for name in ("out", "error"))
        return Ended(process.returncode, out, error, time.monotonic() - began, peak)

    def run_job(self, run: RunDocuments, *arguments: str, url: str | None = None) -> Ended:
        """Runs the job to its end."""
        return self.wait(self.start(run, *arguments, url=url))

    def tell(self, run: RunDocuments, *arguments: str, url: str | None = None) -> Told:
        """Runs the job, which must succeed, and reads what it wrote."""
        ended = self.run_job(run, *arguments, url=url)
        self.assertEqual((ended.status, ended.error), (0, ""), ended.out)
        return self.told(run)

    def told(self, run: RunDocuments) -> Told:
        """What was written of a run: run.json, and all that it names."""
        verdict = self.read(run.folder + "run.json")
        page = self.key_of(verdict["report"])
        folder = page.removesuffix("report.html")
        self.assertEqual(folder + "report.html", page)
        retry_file = verdict["retry_file"]
        return Told(
            folder,
            self.read(folder + "migration_report.json"),
            self.body(page).decode(),
            self.read(self.key_of(retry_file)) if retry_file else None,
            verdict,
        )

    def read(self, key: str) -> Any:
        """A document."""
        document = json.loads(self.body(key))
        for part in document if isinstance(document, list) else [document]:
            self.assertEqual(part["format"], 1, key)
        return document

    def body(self, key: str) -> bytes:
        """What lies at a key."""
        return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def key_of(self, uri: str) -> str:
        """The key that an URI names."""
        self.assertTrue(uri.startswith(f"s3://{self.bucket}/{PREFIX}/"), uri)
        return uri.removeprefix(f"s3://{self.bucket}/")

    def keys(self, prefix: str = "") -> list[str]:
        """All keys that begin so."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return [it["Key"] for page in pages for it in page.get("Contents", [])]

    def reports(self, run: RunDocuments) -> list[str]:
        """The keys of all reports of a run."""
        begin = f"{PREFIX}/migration-reports/{segment(run.tenant)}/"
        return [key for key in self.keys(begin) if key.split("/")[-2].endswith("-" + segment(run.run_id))]


def peak_megabytes(pid: int) -> float:
    """The most memory that a process has had; what wait4 tells is at least what its parent had."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        status = Path(f"/proc/{pid}/status").read_text()
        if told := re.search(r"VmHWM:\s+(\d+) kB", status):
            return int(told[1]) / 1024
    return 0.0

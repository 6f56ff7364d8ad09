"""A test case with an endpoint of its own, for the tests here and of the launcher."""

import tempfile
import time
import unittest
import uuid
from pathlib import Path
from typing import Any

from aws_local.endpoint import Endpoint
from aws_local.glue import ENDED
from aws_local.server import Server

REGION = "eu-central-1"
PATIENCE_SECONDS = 30.0


class WithServer(unittest.TestCase):
    """Starts one endpoint for all tests of the class."""

    @classmethod
    def setUpClass(cls) -> None:
        """Starts the endpoint, and stops it after the last test."""
        cls.directory = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.server = Server(cls.directory)
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)
        cls.endpoint = Endpoint(cls.server.url, REGION)
        cls.s3 = cls.endpoint.client("s3")
        cls.glue = cls.endpoint.client("glue")
        cls.bucket = f"bucket-{uuid.uuid4()}"
        cls.s3.create_bucket(Bucket=cls.bucket, CreateBucketConfiguration={"LocationConstraint": REGION})

    def create_job(self, script: str, **settings: Any) -> str:
        """A Python shell job with this script; returns its name."""
        name = f"job-{uuid.uuid4()}"
        self.s3.put_object(Bucket=self.bucket, Key=f"{name}.py", Body=script.encode())
        command = {"Name": "pythonshell", "PythonVersion": "3.9", "ScriptLocation": f"s3://{self.bucket}/{name}.py"}
        self.glue.create_job(**{"Name": name, "Role": "role", "Command": command} | settings)
        return name

    def start(self, job: str, **arguments: str) -> str:
        """Starts a run with `--name value` of each argument; returns its id."""
        given = {f"--{name}": value for name, value in arguments.items()}
        return self.glue.start_job_run(JobName=job, Arguments=given)["JobRunId"]

    def run_of(self, job: str, run_id: str) -> dict[str, Any]:
        """The run as GetJobRun shows it."""
        return self.glue.get_job_run(JobName=job, RunId=run_id)["JobRun"]

    def ended(self, job: str, run_id: str) -> dict[str, Any]:
        """The run once it has ended."""
        self.wait_until(lambda: self.run_of(job, run_id)["JobRunState"] in ENDED)
        return self.run_of(job, run_id)

    def log(self, job: str, run_id: str, name: str = "stdout.log") -> str:
        """What the run wrote so far."""
        path = self.directory / "runs" / job / run_id / name
        return path.read_text() if path.exists() else ""

    def wait_until(self, holds: Any) -> None:
        """Waits until the condition holds, or fails."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            self.assertLess(time.monotonic(), deadline, "waited in vain")
            time.sleep(0.02)

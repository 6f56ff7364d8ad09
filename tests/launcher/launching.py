"""What the launcher's tests share: an executable in S3, and the launcher started with its arguments."""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

from running_server import WithServer

# What makes a boto3 older than 1.28 find the local endpoint.
OLD_BOTO3 = {"PYTHONPATH": str(Path(__file__).parent / "old_boto3")}
LAUNCHER = Path(__file__).parents[2] / "jobs/launcher/launch.py"


class WithLauncher(WithServer):
    """Starts the launcher as Glue does, against the local endpoint."""

    python: ClassVar[str] = sys.executable  # with the boto3 of the tests; those of Glue are set where they are tested
    around: ClassVar[dict[str, str]] = {}  # what that needs besides

    @classmethod
    def setUpClass(cls) -> None:
        """Starts the metadata service of the runs, too."""
        super().setUpClass()
        cls.metadata = cls.enterClassContext(cls.server.metadata_service("arn:aws:iam::123456789012:role/launcher"))

    def put(self, text: str) -> list[str]:
        """Puts an executable into S3; returns the launcher's own arguments for it."""
        body = text.encode()
        sha256 = hashlib.sha256(body).hexdigest()
        self.s3.put_object(Bucket=self.bucket, Key=f"{sha256}/job", Body=body)
        return ["--EXECUTABLE", f"s3://{self.bucket}/{sha256}/job", "--EXECUTABLE_SHA256", sha256]

    def environment(self) -> dict[str, str]:
        """What Glue gives a run, and the endpoint: no credentials, and no Region."""
        given = {"PATH": os.defpath, "TMPDIR": str(self.directory)} | self.around
        return given | self.endpoint.address() | self.metadata.environment()

    def launch(self, *arguments: str) -> subprocess.CompletedProcess:
        """Runs the launcher with these arguments."""
        return self.launch_by(str(LAUNCHER), *arguments)

    def launch_by(self, *command: str) -> subprocess.CompletedProcess:
        """Runs this command of Python."""
        command = (self.python, *command)
        return subprocess.run(command, env=self.environment(), capture_output=True, text=True, check=False)

    def assert_one_line(self, ended: subprocess.CompletedProcess, status: int, pattern: str) -> None:
        """The launcher ended with this status and one line that says why."""
        self.assertEqual(ended.returncode, status, ended.stderr)
        self.assertRegex(ended.stderr, re.compile(rf"\A[^\n]*{pattern}[^\n]*\n\Z"))

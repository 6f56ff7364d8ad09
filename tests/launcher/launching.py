"""What the launcher's tests share: an executable in S3, and the launcher started with its arguments."""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

from running_server import WithServer

LAUNCHER = Path(__file__).parents[2] / "jobs/launcher/launch.py"


class WithLauncher(WithServer):
    """Starts the launcher as Glue does, against the local endpoint."""

    def put(self, text: str) -> list[str]:
        """Puts an executable into S3; returns the launcher's own arguments for it."""
        body = text.encode()
        sha256 = hashlib.sha256(body).hexdigest()
        self.s3.put_object(Bucket=self.bucket, Key=f"{sha256}/job", Body=body)
        return ["--EXECUTABLE", f"s3://{self.bucket}/{sha256}/job", "--EXECUTABLE_SHA256", sha256]

    def environment(self) -> dict[str, str]:
        """What Glue gives a run, and the endpoint."""
        return {"PATH": os.defpath, "TMPDIR": str(self.directory)} | self.endpoint.environment()

    def launch(self, *arguments: str) -> subprocess.CompletedProcess:
        """Runs the launcher with these arguments."""
        command = [sys.executable, LAUNCHER, *arguments]
        return subprocess.run(command, env=self.environment(), capture_output=True, text=True, check=False)

    def assert_one_line(self, ended: subprocess.CompletedProcess, status: int, pattern: str) -> None:
        """The launcher ended with this status and one line that says why."""
        self.assertEqual(ended.returncode, status, ended.stderr)
        self.assertRegex(ended.stderr, re.compile(rf"\A[^\n]*{pattern}[^\n]*\n\Z"))

"""Where the real jobs find credentials, also when these expire before the run has ended."""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from collections.abc import Iterator
from pathlib import Path

from aws_local.endpoint import Endpoint
from aws_local.glue import ENDED
from aws_local.provision import Request, Warehouse, provision
from deployment.deployed import ROOT
from local_stack.psql import Psql
from local_stack.stack import Programs, Stack
from short_lived import LIFETIME_SECONDS, short_lived

TABLE = "CREATE SCHEMA harbour; CREATE TABLE harbour.tide (metres INTEGER); INSERT INTO harbour.tide VALUES (1), (2);"


class ExpiringCredentials(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.directory = Path(cls.enterClassContext(tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR"))))
        cls.directory.chmod(0o755)
        redshift, postgres = (Path(os.environ[name]) for name in ("REDSHIFT_LOCAL", "REDSHIFT_LOCAL_POSTGRES"))
        launcher = short_lived(ROOT / "jobs/launcher/launch.py", cls.directory)
        stack = Stack(cls.directory / "stack")
        cls.addClassCleanup(stack.stop)
        programs = Programs(redshift, postgres, launcher, Path(os.environ["EXECUTABLES"]))
        cls.stack = stack.start(programs, "harbour", ("--credential-seconds", str(LIFETIME_SECONDS)))

    def psql(self, side: str, text: str) -> list[list[str]]:
        """Runs statements in a warehouse."""
        file = self.directory / f"{side}-{threading.get_ident()}.sql"
        file.write_text(text)
        return Psql(getattr(self.stack, side), self.stack.ca).run(file)

    def run_job(self, job: str, **given: str) -> dict:
        """A Glue run, once it has ended."""
        arguments = {f"--{key}": value for key, value in given.items()}
        return run_job(self.stack.endpoint, self.stack.deployment.jobs[job], arguments)

    def test_a_run_that_outlives_its_first_credentials_succeeds(self):
        self.psql("source", TABLE)
        given = {"SCHEMAS": "harbour", "RUN_ID": "long"}
        made = self.run_job("migrate-schema", **given)
        self.assertEqual(made["JobRunState"], "SUCCEEDED", made.get("ErrorMessage"))
        held = f"BEGIN; LOCK TABLE harbour.tide;\n\\! sleep {2 * LIFETIME_SECONDS}\nCOMMIT;"
        holder = threading.Thread(target=self.psql, args=("target", held))
        holder.start()
        self.addCleanup(holder.join)
        time.sleep(1)  # until the lock is held
        moved = self.run_job("migrate-data", TABLE_NAME="harbour.tide", **given)
        self.assertEqual(moved["JobRunState"], "SUCCEEDED", moved.get("ErrorMessage"))
        self.assertGreater(moved["ExecutionTime"], LIFETIME_SECONDS)
        self.assertEqual(self.psql("target", "SELECT COUNT(*) FROM harbour.tide;"), [["2"]])


class Found(unittest.TestCase):
    """The launcher and a real job, whose first call is to S3, by the versions of the metadata service."""

    def test_the_job_finds_credentials_wherever_boto3_does(self):
        # That there is no such run is what the ledger tells: S3 was asked.
        asked = "exit code 2: the ledger knows nothing of the run"
        expected = dict.fromkeys(("v1", "v2", "both"), asked) | {
            "none": "exit code 3: cannot fetch .* locate credentials"
        }
        for version, message in expected.items():
            with self.subTest(version), self.endpoint(version) as endpoint:
                nowhere = Warehouse("localhost", 1, "dev", "admin", "Planted1")
                launcher, executables = ROOT / "jobs/launcher/launch.py", Path(os.environ["EXECUTABLES"])
                deployed = Request("", endpoint.region, "t", launcher, executables, nowhere, nowhere)
                job = provision(endpoint, deployed).jobs["collect-report"]
                run = run_job(endpoint, job, {"--RUN_ID": "r"})
                self.assertRegex(run["ErrorMessage"], message)

    @contextlib.contextmanager
    def endpoint(self, version: str) -> Iterator[Endpoint]:
        """A server whose runs find this version."""
        with tempfile.TemporaryDirectory() as directory:
            command = [sys.executable, "-m", "aws_local", "serve", "--directory", directory, "--metadata", version]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            with subprocess.Popen([*command, "--until-stdin-closes"], **pipes) as server:
                port = server.stdout.readline().partition("=")[2].strip()
                yield Endpoint(f"http://127.0.0.1:{port}", "eu-central-1")
                server.stdin.close()


def run_job(endpoint: Endpoint, job: str, arguments: dict[str, str]) -> dict:
    """A Glue run, once it has ended."""
    glue = endpoint.client("glue")
    run_id = glue.start_job_run(JobName=job, Arguments=arguments)["JobRunId"]
    while (run := glue.get_job_run(JobName=job, RunId=run_id)["JobRun"])["JobRunState"] not in ENDED:
        time.sleep(0.1)
    return run


if __name__ == "__main__":
    unittest.main()

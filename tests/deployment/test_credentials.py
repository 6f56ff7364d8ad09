"""The real jobs with credentials that expire before they have ended."""

import os
import tempfile
import threading
import time
import unittest
from pathlib import Path

from aws_local.glue import ENDED
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
        glue, name = self.stack.endpoint.client("glue"), self.stack.deployment.jobs[job]
        arguments = {f"--{key}": value for key, value in given.items()}
        run_id = glue.start_job_run(JobName=name, Arguments=arguments)["JobRunId"]
        while (run := glue.get_job_run(JobName=name, RunId=run_id)["JobRun"])["JobRunState"] not in ENDED:
            time.sleep(0.1)
        return run

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


if __name__ == "__main__":
    unittest.main()

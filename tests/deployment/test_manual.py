import json
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

from deployment.deployed import DeployedTest
from deployment.environment import CDK

# The manual's shell is bash; each of its steps is a comment and the commands below it.
STEP = re.compile(r"^# (.*)\n((?:(?!# ).*\n)*)", re.MULTILINE)
DONE = "--- done"


class Manual(DeployedTest):
    """The operator's manual of cdk/README.md, as printed."""

    def setUp(self) -> None:
        (block,) = re.findall(r"```sh\n(.*?)```", (CDK / "README.md").read_text(), re.DOTALL)
        # The waiting is for clusters; the environment's name is the reader's.
        block = block.replace("sleep 10", "sleep 1").replace("-migration-dev", "-migration-local")
        block = block.replace("tools/run-log", str(CDK.parent / "tools/run-log"))
        self.steps = {name.split(":")[0].split(",")[0]: commands for name, commands in STEP.findall(block)}
        self.directory = self.environment.directory / "operator"
        self.directory.mkdir()
        self.shell = subprocess.Popen(
            ["bash"],
            cwd=self.directory,
            env={"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"} | self.endpoint.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.addCleanup(self.shell.communicate)

    def step(self, name: str) -> str:
        """Runs the commands of a step; returns what they print."""
        return self.bash(self.steps.pop(name))

    def bash(self, commands: str) -> str:
        """Runs commands in the one shell; returns what they print."""
        self.shell.stdin.write(f"set -e\n{commands}\necho '{DONE}'\n")
        self.shell.stdin.flush()
        printed = []
        while (line := self.shell.stdout.readline()).strip() != DONE:
            self.assertTrue(line, f"{commands}: {''.join(printed)}")
            printed.append(line)
        return "".join(printed)

    def test_every_command_does_what_it_says(self):
        self.spoil_target("vessel", "tide", "buoy")
        (self.directory / "input.json").write_text(json.dumps(self.input()))
        self.step("Once in a shell")
        self.assertIn("SUCCEEDED", self.step("See the plan"))
        (plan,) = (self.directory / "runs").rglob("plan.sql")
        self.assertIn("calls_by_berth", plan.read_text())
        self.step("Start")
        told = self.step("Watch")
        self.assertIn("FAILED", told)
        self.assertIn("3 tables failed", told)
        self.step("Read the report")
        pages = [page.read_text() for page in (self.directory / "migration-reports").rglob("report.html")]
        self.assertTrue(any("3 tables failed" in page for page in pages))
        self.assert_tells_of_each_run(self.step("Read the log"), self.bash("echo ${run##*:}").strip())
        self.assertIn("aws glue start-job-run", self.step("Move one table again"))
        self.mend_target("vessel", "tide", "buoy")
        self.assertIn("SUCCEEDED", self.step("Move what failed again"))
        self.assert_arrived()
        run = self.bash("echo ${run##*:}").strip()
        keys = [f"unload/{tenant}/{of}/s/t/1/manifest" for tenant, of in (("a", run), ("b", "of-another"))]
        for key in keys:
            self.endpoint.client("s3").put_object(Bucket=self.environment.bucket.name, Key=key, Body=b"{}")
        self.step("Clean up")
        self.assertEqual([key for key in keys if key in self.keys("unload/")], keys[1:])
        self.assertEqual(self.steps, {}, "a step that no test runs")

    def assert_tells_of_each_run(self, printed: str, run: str) -> None:
        """Each Glue run of this migration, and of no other, with what it said, the first one first."""
        glue = self.endpoint.client("glue")
        names = [job["Name"] for job in glue.get_jobs()["Jobs"]]
        runs = [it for name in names for it in glue.get_job_runs(JobName=name)["JobRuns"]]
        expected = {it["Id"]: it for it in runs if it["Arguments"].get("--RUN_ID") == run}
        headings = [line.split() for line in printed.splitlines() if line.startswith("== ")]
        self.assertEqual([it[2] for it in headings], sorted(expected, key=lambda it: expected[it]["StartedOn"]))
        for heading in headings:
            self.assertEqual(heading[3], expected[heading[2]]["JobRunState"])
        self.assertEqual(printed.count(f"--RUN_ID {run}"), len(expected))
        self.assertIn("tables failed", printed)


if __name__ == "__main__":
    unittest.main()

"""tools/run-log without a stack, as on the local one."""

import os
import subprocess
import sys
import unittest
from pathlib import Path

from running_server import WithServer

RUN_LOG = Path(__file__).parents[2] / "tools/run-log"


class RunLog(WithServer):
    def print_log(self, *arguments: str) -> subprocess.CompletedProcess:
        environment = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"} | self.endpoint.environment()
        return subprocess.run([RUN_LOG, *arguments], env=environment, capture_output=True, text=True, check=False)

    def test_it_prints_what_each_glue_run_of_a_migration_said_the_first_one_first(self):
        first = self.create_job("import sys; print('one', sys.argv); sys.exit('no\\tgo: try\\tlater')")
        second = self.create_job("print('two')")
        runs = [(first, self.start(first, RUN_ID="r-1"))]
        self.ended(*runs[0])
        runs.append((second, self.start(second, RUN_ID="r-1")))
        self.ended(*runs[1])
        self.ended(second, self.start(second, RUN_ID="r-2"))
        printed = self.print_log("r-1")
        self.assertEqual((printed.returncode, printed.stderr), (0, ""))
        lines = printed.stdout.splitlines()
        headings = [line.split()[:4] for line in lines if line.startswith("== ")]
        states = ("FAILED", "SUCCEEDED")
        self.assertEqual(headings, [["==", *run, state] for run, state in zip(runs, states, strict=True)])
        said = [line for line in lines if not line.startswith(("== ", "-- "))]
        self.assertEqual(said, ["no\tgo: try\tlater", "one ['job.py', '--RUN_ID', 'r-1']".replace("job", first), "two"])
        one = self.print_log(runs[1][1]).stdout.splitlines()
        self.assertEqual((len(one), one[-1]), (3, "two"))

    def test_what_names_no_run_is_refused(self):
        for name, status in (("r-3", 1), ("x' || 'a'=='a", 2), ("", 1)):
            with self.subTest(name):
                refused = self.print_log(name)
                self.assertEqual((refused.returncode, refused.stdout), (status, ""))
                self.assertEqual(len(refused.stderr.splitlines()), 1)


if __name__ == "__main__":
    unittest.main()

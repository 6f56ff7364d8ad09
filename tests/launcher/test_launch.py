import ast
import json
import os
import signal
import subprocess
import sys
import unittest
from typing import ClassVar
from unittest import mock

from launching import LAUNCHER, OLD_BOTO3, WithLauncher

SHOW_ARGV = f"#!{sys.executable}\nimport json, sys\nprint(json.dumps(sys.argv[1:]))\n"


class Launcher(WithLauncher):
    def test_arguments_reach_the_executable_as_they_came(self):
        words = ["--A", "two words", "--B", "'\"`$(id)\\", "--C", "", "--D", "Grüße 🛥", "--E", "--F=1", "-", "--", "\n"]
        own = self.put(SHOW_ARGV)
        self.assertEqual(json.loads(self.launch(*words[:4], *own, *words[4:]).stdout), words)
        joined = [f"{own[0]}={own[1]}", f"{own[2]}={own[3].upper()}"]
        self.assertEqual(json.loads(self.launch(*joined, *words).stdout), words)

    def test_exit_status_and_output_are_the_executables(self):
        for status in (0, 1, 2, 3):
            own = self.put(f"#!/bin/sh\necho out\necho 'log' >&2\necho 'cause {status}: remedy' >&2\nexit {status}\n")
            ended = self.launch(*own)
            self.assertEqual(
                (ended.returncode, ended.stdout, ended.stderr), (status, "out\n", f"log\ncause {status}: remedy\n")
            )

    def test_whoever_reports_the_exception_by_its_text_has_the_error_line(self):
        own = self.put("#!/bin/sh\necho 'cause: remedy' >&2\nexit 2\n")
        report = (
            "import runpy, sys\n"
            "try: runpy.run_path(sys.argv.pop(1), run_name='__main__')\n"
            "except SystemExit as end: print(end.code, end)\n"
        )
        command = [self.python, "-c", report, LAUNCHER, *own]
        ended = subprocess.run(command, env=self.environment(), capture_output=True, text=True, check=True)
        self.assertEqual(ended.stdout, "2 cause: remedy\n")

    def test_executable_with_another_hash_is_never_started(self):
        marker = self.directory / "started"
        own = self.put(f"#!/bin/sh\ntouch {marker}\n")
        self.assert_one_line(self.launch(*own[:3], "0" * 64), 2, "SHA-256 of s3://.* deploy the executable again")
        self.assertFalse(marker.exists())

    def test_what_cannot_be_fetched_is_named(self):
        own = self.put("")
        missing = f"s3://{self.bucket}/nothing"
        self.assert_one_line(self.launch(own[0], missing, *own[2:]), 3, f"cannot fetch {missing}")
        self.assert_one_line(self.launch(own[0], "no-url", *own[2:]), 3, "cannot fetch no-url")

    def test_missing_argument_is_named(self):
        own = self.put("")
        self.assert_one_line(self.launch(*own[2:]), 2, "--EXECUTABLE is missing")
        self.assert_one_line(self.launch(*own[:2]), 2, "--EXECUTABLE_SHA256 is missing")

    def test_executable_that_a_signal_ended_without_a_word(self):
        own = self.put("#!/bin/sh\nkill -9 $$\n")
        self.assert_one_line(self.launch(*own), 128 + signal.SIGKILL, "ended with exit status 137")

    def test_signals_reach_the_executable_which_decides_how_to_end(self):
        own = self.put(
            "#!/bin/sh\n"
            "trap 'echo \"stopped: start it again\" >&2; exit 1' TERM INT\n"
            "echo ready\n"
            "while :; do sleep 0.05; done\n"
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            command = [self.python, LAUNCHER, *own]
            with subprocess.Popen(
                command, env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            ) as launcher:
                self.assertEqual(launcher.stdout.readline(), "ready\n")
                launcher.send_signal(number)
                _, errors = launcher.communicate(timeout=30)
                self.assertEqual((launcher.returncode, errors), (1, "stopped: start it again\n"))

    def test_nothing_is_left_on_disk(self):
        before = set(self.directory.iterdir())
        self.launch(*self.put("#!/bin/sh\nexit 1\n"))
        self.assertEqual(set(self.directory.iterdir()), before)

    def test_the_parameter_of_glue_without_dashes_stays_with_glue(self):
        own = self.put(SHOW_ARGV)
        self.assertEqual(json.loads(self.launch("library-set", "analytics", *own, "--A", "1").stdout), ["--A", "1"])

    def test_a_missing_boto3_is_told_with_what_brings_it(self):
        absent = self.directory / "absent"
        absent.mkdir()
        (absent / "boto3.py").write_text("raise ModuleNotFoundError(\"No module named 'boto3'\")")
        with mock.patch.object(type(self), "around", {"PYTHONPATH": str(absent)}):
            self.assert_one_line(self.launch(*self.put("")), 2, "boto3 is missing: set the parameter library-set")

    def test_fan_out_is_for_spark(self):
        own = self.put("")
        self.assert_one_line(self.launch(*own, "--FAN_OUT", "s3://b/k"), 2, "--FAN_OUT needs a Glue Spark job")

    def test_it_is_python_3_9_and_short(self):
        ast.parse(LAUNCHER.read_text(), feature_version=(3, 9))
        self.assertLessEqual(len(LAUNCHER.read_text().splitlines()), 150)


class LauncherOfPythonShell(Launcher):
    """The same with the boto3 of a Glue Python shell job."""

    python = os.environ["PYTHON_SHELL"]
    around: ClassVar = OLD_BOTO3

    def test_it_is_that_boto3(self):
        versions = "import boto3, botocore; print(boto3.__version__, botocore.__version__)"
        found = subprocess.run([self.python, "-c", versions], env=self.environment(), capture_output=True, check=True)
        self.assertEqual(found.stdout, b"1.21.21 1.24.21\n")


if __name__ == "__main__":
    unittest.main()

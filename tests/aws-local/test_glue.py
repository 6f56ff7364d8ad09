import json
import os
import unittest
from unittest import mock

from aws_local import glue, glue_process
from botocore.exceptions import ClientError
from running_server import WithServer

ANALYTICS = {"library-set": "analytics"}
SLEEP = "import time; print('ready', flush=True); time.sleep(600)"


class GlueRuns(WithServer):
    def test_run_gets_the_jobs_arguments_under_its_own_and_nothing_overrides_the_fixed_ones(self):
        job = self.create_job(
            "import json, sys; print(json.dumps(sys.argv[1:]))",
            DefaultArguments={"--A": "job", "--B": "job", "--C": "job"},
            NonOverridableArguments={"--C": "fixed"},
        )
        run = self.start(job, B="a b 'q\" ü 🛥 --x", C="run", D="")
        self.assertEqual(self.ended(job, run)["JobRunState"], "SUCCEEDED")
        words = json.loads(self.log(job, run))
        self.assertEqual(words, ["--A", "job", "--B", "a b 'q\" ü 🛥 --x", "--C", "fixed", "--D", ""])

    def test_exit_status_and_last_error_line_become_the_error_message(self):
        job = self.create_job("import sys; print('before', file=sys.stderr); sys.exit('cause: remedy')")
        run = self.ended(job, self.start(job))
        self.assertEqual(run["JobRunState"], "FAILED")
        self.assertEqual(run["ErrorMessage"], "Command failed with exit code 1: cause: remedy")

    def test_run_finds_only_the_local_stack_in_its_environment(self):
        job = self.create_job("import json, os; print(json.dumps(dict(os.environ)))")
        with mock.patch.dict(os.environ, {"AWS_SESSION_TOKEN": "mine", "PLANTED": "1"}):
            run = self.start(job)
            self.ended(job, run)
        found = json.loads(self.log(job, run))
        self.assertEqual(found["AWS_ENDPOINT_URL"], self.server.url)
        self.assertNotIn("PLANTED", found)
        self.assertNotIn("AWS_SESSION_TOKEN", found)

    def test_boto3_is_there_with_the_library_set_that_has_it(self):
        for libraries, state in (({}, "FAILED"), ({"library-set": "none"}, "FAILED"), (ANALYTICS, "SUCCEEDED")):
            job = self.create_job("import boto3", DefaultArguments=libraries)
            run = self.ended(job, self.start(job))
            self.assertEqual(run["JobRunState"], state, libraries)
            if state == "FAILED":
                self.assertIn("No module named 'boto3'", run["ErrorMessage"])

    def test_what_a_run_printed_is_in_its_streams_when_it_has_ended(self):
        job = self.create_job("import sys; print('said\\n\\nünd'); sys.exit('cause: remedy')")
        self.ended(job, self.start(job))
        run = self.ended(job, self.start(job))
        logs = self.endpoint.client("logs")
        for kind, expected in (("output", ["said", "ünd"]), ("error", ["cause: remedy"])):
            group = f"{run['LogGroupName']}/{kind}"
            events = logs.filter_log_events(logGroupName=group, logStreamNames=[run["Id"]])["events"]
            self.assertEqual([event["message"] for event in events], expected)

    def test_script_that_is_not_there_fails_the_run(self):
        job = self.create_job("")
        self.s3.delete_object(Bucket=self.bucket, Key=f"{job}.py")
        run = self.ended(job, self.start(job))
        self.assertEqual(run["JobRunState"], "FAILED")
        self.assertIn("cannot start the run", run["ErrorMessage"])

    def test_one_run_more_than_the_job_allows_is_refused(self):
        job = self.create_job(SLEEP, ExecutionProperty={"MaxConcurrentRuns": 2})
        runs = [self.start(job), self.start(job)]
        with self.assertRaises(ClientError) as refused:
            self.start(job)
        self.assertEqual(refused.exception.response["Error"]["Code"], "ConcurrentRunsExceededException")
        self.glue.batch_stop_job_run(JobName=job, JobRunIds=runs)

    def test_updated_job_is_another_with_the_same_runs(self):
        job = self.create_job("print(1)", MaxRetries=3)
        run = self.start(job)
        self.ended(job, run)
        kept = {key: self.glue.get_job(JobName=job)["Job"][key] for key in ("Role", "Command")}
        self.glue.update_job(JobName=job, JobUpdate=kept | {"ExecutionProperty": {"MaxConcurrentRuns": 0}})
        with self.assertRaises(ClientError) as refused:
            self.start(job)
        self.assertEqual(refused.exception.response["Error"]["Code"], "ConcurrentRunsExceededException")
        self.assertEqual([it["Id"] for it in self.glue.get_job_runs(JobName=job)["JobRuns"]], [run])
        self.assertNotIn("MaxRetries", self.glue.get_job(JobName=job)["Job"])

    def test_stopped_run_ends_with_all_that_it_started(self):
        job = self.create_job(
            "import subprocess\nchild = subprocess.Popen(['sleep', '600'])\nprint(child.pid, flush=True)\nchild.wait()"
        )
        run = self.start(job)
        self.wait_until(lambda: self.log(job, run).strip())
        answer = self.glue.batch_stop_job_run(JobName=job, JobRunIds=[run, "no-such-run"])
        self.assertEqual([it["JobRunId"] for it in answer["SuccessfulSubmissions"]], [run])
        self.assertEqual([it["JobRunId"] for it in answer["Errors"]], ["no-such-run"])
        self.assertEqual(self.ended(job, run)["JobRunState"], "STOPPED")
        self.wait_until(lambda: not is_running(int(self.log(job, run))))

    def test_run_that_ignores_the_stop_is_killed(self):
        job = self.create_job("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SLEEP)
        with mock.patch.object(glue_process, "GRACE_SECONDS", 0.1):
            run = self.start(job)
            self.wait_until(lambda: self.log(job, run))
            self.glue.batch_stop_job_run(JobName=job, JobRunIds=[run])
            self.assertEqual(self.ended(job, run)["JobRunState"], "STOPPED")

    def test_run_ends_at_its_timeout(self):
        job = self.create_job(SLEEP, Timeout=1)
        with mock.patch.object(glue, "SECONDS_PER_MINUTE", 0.5):
            self.assertEqual(self.ended(job, self.start(job))["JobRunState"], "TIMEOUT")

    def test_newest_run_is_listed_first(self):
        job = self.create_job("", ExecutionProperty={"MaxConcurrentRuns": 2})
        runs = [self.start(job), self.start(job)]
        listed = self.glue.get_job_runs(JobName=job)["JobRuns"]
        self.assertEqual([run["Id"] for run in listed], runs[::-1])

    def test_other_kinds_of_jobs_are_refused(self):
        job = self.create_job("", Command={"Name": "glueetl", "ScriptLocation": "s3://bucket/script.py"})
        with self.assertRaisesRegex(ClientError, "Python shell jobs only"):
            self.start(job)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    unittest.main()

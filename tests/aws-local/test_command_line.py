import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from aws_local.endpoint import Endpoint
from aws_local.provision import JOBS, Request

HERE = Path(__file__).parent
AWS_LOCAL = [sys.executable, "-m", "aws_local"]
# A job that lasts, and says where it is.
EXECUTABLE = "#!/bin/sh\necho $$\nexec sleep 600\n"


def request(directory: Path, prefix: str) -> dict:
    warehouse = {"host": "localhost", "port": 5439, "database": "dev", "username": "admin", "password": "Planted1"}
    return {
        "prefix": prefix,
        "region": "eu-central-1",
        "tenant": "tenant",
        "launcher": str(HERE.parents[1] / "jobs/launcher/launch.py"),
        "executables": str(directory),
        "source": warehouse,
        "target": warehouse,
    }


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory()))
        for job in JOBS:
            (self.directory / job).write_text(EXECUTABLE)
        command = [*AWS_LOCAL, "serve", "--directory", self.directory, "--until-stdin-closes"]
        self.server = subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.server.stdout.close)
        self.addCleanup(self.server.stdin.close)
        self.addCleanup(self.server.wait)
        self.addCleanup(self.server.kill)
        port = re.fullmatch(r"ready port=(\d+)\n", self.server.stdout.readline())[1]
        self.endpoint = Endpoint(f"http://127.0.0.1:{port}", "eu-central-1")

    def provision(self, text: str, *options: str) -> subprocess.CompletedProcess:
        command = [*AWS_LOCAL, "provision", "--endpoint-url", self.endpoint.url, *options]
        return subprocess.run(command, cwd=HERE, input=text, capture_output=True, text=True, check=False)

    def start_a_run(self) -> int:
        """Deploys, starts a run, and returns the process id of its executable."""
        deployment = json.loads(self.provision(json.dumps(request(self.directory, "a-"))).stdout)
        job = deployment["jobs"]["migrate-data"]
        run = self.endpoint.client("glue").start_job_run(JobName=job)["JobRunId"]
        log = self.directory / "runs" / job / run / "stdout.log"
        deadline = time.monotonic() + 30
        while not (log.exists() and log.read_text().strip()):
            self.assertIsNone(self.server.poll())
            self.assertLess(time.monotonic(), deadline, f"the run wrote nothing to {log}")
            time.sleep(0.02)
        return int(log.read_text())

    def test_server_ends_on_sigterm_and_leaves_no_run(self):
        pid = self.start_a_run()
        self.server.send_signal(signal.SIGTERM)
        self.assertEqual(self.server.wait(30), 0)
        self.assertRaises(ProcessLookupError, os.kill, pid, 0)

    def test_server_ends_when_stdin_closes_and_leaves_no_run(self):
        pid = self.start_a_run()
        self.server.stdin.close()
        self.assertEqual(self.server.wait(30), 0)
        self.assertRaises(ProcessLookupError, os.kill, pid, 0)

    def test_deployments_stand_side_by_side_and_show_no_password(self):
        first = self.provision(json.dumps(request(self.directory, "a-")))
        second = self.provision(json.dumps(request(self.directory, "b-")))
        self.assertEqual((first.returncode, second.returncode), (0, 0), first.stderr + second.stderr)
        self.assertNotIn("Planted1", first.stdout + second.stdout)
        names = json.loads(first.stdout)["jobs"].values()
        self.assertTrue(set(names).isdisjoint(json.loads(second.stdout)["jobs"].values()))
        secrets = self.endpoint.client("secretsmanager")
        source = json.loads(secrets.get_secret_value(SecretId="a-source")["SecretString"])
        target = json.loads(secrets.get_secret_value(SecretId="b-target")["SecretString"])
        self.assertEqual((source["cluster_identifier"], target["workgroup"]), ("a-source", "b-target"))

    def test_jobs_are_bounded_to_warehouses_whose_namespaces_are_known(self):
        def bounds(prefix: str, **ids: str) -> tuple[dict, dict]:
            asked = request(self.directory, prefix)
            asked |= {side: asked[side] | {"namespace_id": given} for side, given in ids.items()}
            deployment = json.loads(self.provision(json.dumps(asked)).stdout)
            glue = self.endpoint.client("glue")
            arguments = {it: glue.get_job(JobName=name)["Job"] for it, name in deployment["jobs"].items()}
            names = ("--WAREHOUSES", "--ALLOWED_IAM_ROLES")
            given = {job: {name: it["DefaultArguments"].get(name) for name in names} for job, it in arguments.items()}
            return deployment, given

        deployment, given = bounds("a-", source="id-1", target="id-2")
        known, role = "source=source:id-1,target=target:id-2", deployment["iam_role"]
        self.assertEqual(given["migrate-schema"], {"--WAREHOUSES": known, "--ALLOWED_IAM_ROLES": role})
        for job in ("migrate-data", "refresh-views"):
            self.assertEqual(given[job], {"--WAREHOUSES": known, "--ALLOWED_IAM_ROLES": None})
        self.assertEqual(given["collect-report"], {"--WAREHOUSES": None, "--ALLOWED_IAM_ROLES": None})
        serverless = self.endpoint.client("redshift-serverless")
        namespace = serverless.get_namespace(namespaceName=deployment["namespace"])["namespace"]
        self.assertEqual(namespace["namespaceId"], "id-2")
        secret = self.endpoint.client("secretsmanager").get_secret_value(SecretId="a-source")["SecretString"]
        self.assertNotIn("id-1", secret)
        deployment, given = bounds("b-")
        self.assertEqual({it["--WAREHOUSES"] for it in given.values()}, {None})
        self.assertEqual(given["migrate-schema"]["--ALLOWED_IAM_ROLES"], deployment["iam_role"])
        self.assertNotEqual(deployment["source_namespace"], deployment["target_namespace"])

    def test_file_that_others_may_read_is_refused(self):
        file = self.directory / "request.json"
        file.write_text(json.dumps(request(self.directory, "a-")))
        file.chmod(0o644)
        refused = self.provision("", "--file", str(file))
        self.assertEqual(refused.returncode, 1)
        self.assertIn("chmod 600", refused.stderr)
        file.chmod(0o600)
        self.assertEqual(self.provision("", "--file", str(file)).returncode, 0)

    def test_request_never_shows_its_passwords(self):
        self.assertNotIn("Planted1", repr(Request.from_json(json.dumps(request(self.directory, "a-")))))


if __name__ == "__main__":
    unittest.main()

import os
import re
import ssl
import stat
import subprocess
import sys
import tempfile
import unittest
import unittest.mock
from pathlib import Path

from aws_local.endpoint import Endpoint
from aws_local.provision import JOBS, Deployment, Warehouse
from local_stack import certificate, environment
from local_stack.daemon import Daemon, StartError
from local_stack.stack import Description, Programs, Stack, new_password

READY = "import time; print('ready port=4711', flush=True); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + READY


def description(directory: Path) -> Description:
    warehouse = Warehouse("localhost", 1, "dev", "admin", "it's $HOME")
    jobs = {"migrate-schema": "migrate-schema"}
    deployment = Deployment(
        "r", "t", "bucket", "artifacts", "s3://bucket/p", "role", "s-arn", "t-arn", "c", "n", "w", "s-id", "t-id", jobs
    )
    return Description(
        Endpoint("http://127.0.0.1:1", "eu-central-1"), directory / "ca.pem", warehouse, warehouse, deployment
    )


class Files(unittest.TestCase):
    def setUp(self):
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_environment_is_for_its_owner_and_a_shell_reads_it_as_it_is(self):
        file = self.directory / "env"
        environment.write(file, description(self.directory), self.directory / "tools")
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        shown = subprocess.run(
            ["bash", "-c", f'. {file}; printf \'%s|\' "$SOURCE_PASSWORD" "$DATA_BUCKET" "$PGSSLMODE" "$PATH"'],
            capture_output=True,
            text=True,
            check=True,
            env={"PATH": os.defpath},
        )
        self.assertEqual(shown.stdout, f"it's $HOME|bucket|verify-full|{self.directory}/tools:{os.defpath}|")

    def test_description_is_read_as_it_was_written(self):
        written = description(self.directory)
        self.assertEqual(Description.from_json(written.to_json()), written)

    def test_certificate_is_the_authoritys_and_names_localhost(self):
        made = certificate.create(self.directory)
        self.assertEqual(stat.S_IMODE(made.key.stat().st_mode), 0o600)
        client = ssl.create_default_context(cafile=made.ca)
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(made.certificate, made.key)
        for name in ("localhost", "127.0.0.1"):
            shake_hands(client, server, name)
        with self.assertRaises(ssl.SSLCertVerificationError):
            shake_hands(client, server, "example.com")

    def test_password_is_one_that_create_user_takes(self):
        self.assertRegex(new_password(), re.compile(r"^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[!-~]{8,64}$"))
        self.assertNotEqual(new_password(), new_password())


class Daemons(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon(Path(self.enterContext(tempfile.TemporaryDirectory())), "it")
        self.addCleanup(self.daemon.stop)

    def start(self, program: str) -> int:
        return self.daemon.start([sys.executable, "-c", program], {"PATH": os.defpath})

    def test_process_is_found_again_until_it_is_stopped(self):
        self.assertEqual(self.start(READY), 4711)
        pid = Daemon(self.daemon.directory, "it").pid()
        self.daemon.stop()
        self.daemon.stop()
        self.assertIsNone(self.daemon.pid())
        self.assertRaises(ProcessLookupError, os.kill, pid, 0)

    def test_another_process_of_the_same_number_is_not_taken_for_it(self):
        (self.daemon.directory / "it.pid").write_text(f'{{"pid": {os.getpid()}, "started": "0"}}')
        self.assertIsNone(self.daemon.pid())

    def test_process_that_does_not_end_is_killed(self):
        self.start(STUBBORN)
        with unittest.mock.patch("local_stack.daemon.STOP_SECONDS", 0.2):
            self.daemon.stop()
        self.assertIsNone(self.daemon.pid())

    def test_process_that_fails_shows_its_last_words(self):
        with self.assertRaisesRegex(StartError, "no such directory: make it"):
            self.start("raise SystemExit('no such directory: make it')")

    def test_process_that_is_never_ready_is_stopped(self):
        with (
            unittest.mock.patch("local_stack.daemon.READY_SECONDS", 0.5),
            self.assertRaisesRegex(StartError, "not ready"),
        ):
            self.start("import time; time.sleep(600)")
        self.assertIsNone(self.daemon.pid())


class Stacks(unittest.TestCase):
    """With a stand-in for redshift-local, which has tests of its own."""

    def setUp(self):
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.stack = Stack(self.directory / "stack")
        self.addCleanup(self.stack.stop)
        for job in JOBS:
            (self.directory / job).touch()

    def programs(self, redshift_local: str) -> Programs:
        path = self.directory / "redshift-local"
        path.write_text(f"#!{sys.executable}\n{redshift_local}")
        path.chmod(0o700)
        return Programs(path, self.directory, self.directory / JOBS[0], self.directory)

    def test_start_is_once_and_stop_leaves_nothing(self):
        programs = self.programs(READY)
        started = self.stack.start(programs, "tenant")
        pids = self.stack.pids()
        self.assertEqual(self.stack.start(programs, "tenant"), started)
        self.assertEqual(self.stack.pids(), pids)
        self.assertEqual(started.deployment.tenant, "tenant")
        self.stack.stop()
        self.assertIsNone(self.stack.describe())
        for pid in pids.values():
            self.assertRaises(ProcessLookupError, os.kill, pid, 0)

    def test_stack_of_which_a_part_has_gone_is_made_anew(self):
        programs = self.programs(READY)
        first = self.stack.start(programs, "tenant")
        Daemon(self.directory / "stack", "target").stop()
        self.assertNotEqual(self.stack.start(programs, "tenant").source.password, first.source.password)

    def test_start_that_fails_leaves_nothing(self):
        with self.assertRaisesRegex(StartError, "source ended with status 1:\nno PostgreSQL"):
            self.stack.start(self.programs("raise SystemExit('no PostgreSQL')"), "tenant")
        self.assertEqual(set(self.stack.pids().values()), {None})

    def test_each_warehouse_has_the_namespace_that_aws_tells_of_it(self):
        started = self.stack.start(self.programs(READY), "tenant")
        pids, ids = self.stack.pids(), (started.source.namespace_id, started.target.namespace_id)
        self.assertEqual((started.deployment.source_namespace, started.deployment.target_namespace), ids)
        self.assertNotEqual(*ids)
        for part, given in zip(("source", "target"), ids, strict=True):
            words = Path(f"/proc/{pids[part]}/cmdline").read_text().split("\0")
            self.assertEqual(words[words.index("--namespace") + 1], given)
        serverless = started.endpoint.client("redshift-serverless")
        namespace = serverless.get_namespace(namespaceName=started.deployment.namespace)["namespace"]
        self.assertEqual(namespace["namespaceId"], started.target.namespace_id)
        job = started.endpoint.client("glue").get_job(JobName=started.deployment.jobs["migrate-schema"])["Job"]
        known = f"source=source:{ids[0]},target=target:{ids[1]}"
        self.assertEqual(job["DefaultArguments"]["--WAREHOUSES"], known)
        self.assertEqual(job["DefaultArguments"]["--ALLOWED_IAM_ROLES"], started.deployment.iam_role)

    def test_passwords_are_in_no_argument_list(self):
        started = self.stack.start(self.programs(READY), "tenant")
        for pid in self.stack.pids().values():
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode()
            self.assertNotIn(started.source.password, words)
            self.assertNotIn(started.target.password, words)


def shake_hands(client: ssl.SSLContext, server: ssl.SSLContext, name: str) -> None:
    """A TLS handshake in memory."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(to_client, to_server, server_hostname=name),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    for end in ends * 3:
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            continue


if __name__ == "__main__":
    unittest.main()

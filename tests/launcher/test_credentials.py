"""The credentials and the Region that the launcher hands to the executable."""

import json
import os
import sys
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from unittest import mock

from aws_local.credentials import Issuer
from aws_local.metadata import MetadataService, Version
from launching import LAUNCHER, OLD_BOTO3, WithLauncher
from short_lived import LIFETIME_SECONDS, short_lived

ROLE = "arn:aws:iam::123456789012:role/launcher"
# An executable that says which credentials it finds, and what its environment and others' requests give away.
WHO = f"""#!{sys.executable}
import boto3, json, os, urllib.error, urllib.request
def get(token):
    request = urllib.request.Request(os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"])
    if token: request.add_header("Authorization", token)
    try: return urllib.request.urlopen(request).status
    except urllib.error.HTTPError as error: return error.code
found = boto3.Session().get_credentials()
names = sorted(name for name in os.environ if name.startswith("AWS_"))
url, token = os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"], os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
statuses = [get(it) for it in (token, None, token[:-1], token.swapcase())]
print(json.dumps([found.method, found.access_key, names, url, token, statuses]))
"""
# One that works on for longer than its first credentials last, and says how many it had.
LASTS = f"""#!{sys.executable}
import boto3, time
session, seen = boto3.Session(), set()
until = time.monotonic() + 8
while time.monotonic() < until:
    seen.add(session.get_credentials().get_frozen_credentials().access_key)
    session.client("s3", region_name="eu-central-1").list_buckets()
    time.sleep(0.2)
print(len(seen))
"""


class Credentials(WithLauncher):
    def test_the_executable_finds_those_of_the_run_by_a_token_of_its_own(self):
        own, tokens = self.put(WHO), set()
        for _ in range(2):
            method, access_key, names, url, token, statuses = json.loads(self.launch(*own).stdout)
            self.assertEqual(method, "container-role")
            self.assertEqual(self.server.issuer.find(access_key).role, ROLE)
            self.assertEqual(statuses, [200, 403, 403, 403])
            self.assertRegex(url, r"\Ahttp://127\.0\.0\.1:\d+/\Z")
            given = {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN"}
            around = {"AWS_ENDPOINT_URL", "AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_METADATA_SERVICE_NUM_ATTEMPTS"}
            self.assertEqual(set(names), given | around)
            self.assertGreaterEqual(len(token), 43)  # 32 random bytes
            tokens.add(token)
        self.assertEqual(len(tokens), 2)

    def test_whatever_way_a_run_has_them_the_executable_finds_the_same(self):
        own, issued = self.put(WHO), self.server.issuer.current("of the environment")
        environment = {
            "AWS_ACCESS_KEY_ID": issued.access_key,
            "AWS_SECRET_ACCESS_KEY": issued.secret_key,
            "AWS_SESSION_TOKEN": issued.token,
        }
        with mock.patch.object(type(self), "around", self.around | environment):
            method, access_key, names, *_ = json.loads(self.launch(*own).stdout)
        self.assertEqual((method, access_key), ("container-role", issued.access_key))
        self.assertTrue(names and set(names).isdisjoint(environment))

    def test_a_metadata_service_that_is_busy_at_first_is_asked_again(self):
        asked = []

        def slowly() -> object:
            asked.append(time.monotonic())
            time.sleep(3 if len(asked) == 1 else 0)  # boto3 waits for one second
            return self.server.issuer.current(ROLE)

        slow = self.enterContext(MetadataService(ROLE, slowly))
        with mock.patch.object(type(self), "metadata", slow):
            self.assertEqual(self.launch(*self.put("#!/bin/sh\n")).returncode, 0)
        self.assertGreater(len(asked), 1)

    def test_a_run_without_any_says_so(self):
        none = self.enterContext(MetadataService(ROLE, lambda: Issuer().current(ROLE), Version.NONE))
        with mock.patch.object(type(self), "metadata", none):
            self.assert_one_line(self.launch(*self.put("")), 3, "cannot fetch .*: Unable to locate credentials")

    def test_a_run_outlives_its_first_credentials(self):
        issuer = Issuer(LIFETIME_SECONDS)
        short = self.enterContext(MetadataService(ROLE, lambda: issuer.current(ROLE)))
        own = self.put(LASTS)
        with (
            mock.patch.object(self.server.issuer, "find", issuer.find),
            mock.patch.object(type(self), "metadata", short),
        ):
            ended = self.launch_by(str(short_lived(LAUNCHER, self.directory)), *own)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertGreater(int(ended.stdout), 1)

    def test_the_executable_is_fetched_in_the_region_of_the_arguments(self):
        regions = []

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                regions.append(self.headers["Authorization"].split("/")[2])
                self.send_error(404)

            def log_message(self, *_: object) -> None:
                pass

        elsewhere = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.enterContext(elsewhere)
        threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
        self.addCleanup(elsewhere.shutdown)
        own = ["--EXECUTABLE", "s3://bucket/job", "--EXECUTABLE_SHA256", "0"]
        address = mock.Mock(return_value={"AWS_ENDPOINT_URL": f"http://127.0.0.1:{elsewhere.server_port}"})
        with mock.patch.object(self.endpoint.__class__, "address", address):
            for arguments in (["--AWS_REGION", "ap-east-1"], ["--AWS_REGION=cn-north-1"], []):
                self.assertEqual(self.launch(*own, *arguments).returncode, 3)
        self.assertEqual(regions[:2], ["ap-east-1", "cn-north-1"])
        self.assertIn(regions[2], ("us-east-1", "aws-global"))


class CredentialsOfPythonShell(Credentials):
    """The same with the boto3 of a Glue Python shell job."""

    python = os.environ["PYTHON_SHELL"]
    around: ClassVar = OLD_BOTO3


if __name__ == "__main__":
    unittest.main()

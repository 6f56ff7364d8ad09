"""Where a Glue run finds the credentials of its role, and that they end."""

import json
import time
import unittest
import urllib.error
import urllib.request
from unittest import mock

import boto3
from aws_local.credentials import Issuer
from aws_local.metadata import ROLES_PATH, TOKEN_HEADER, TOKEN_PATH, TTL_HEADER, MetadataService, Version
from botocore.exceptions import ClientError
from running_server import REGION, WithServer

WHO = """
import boto3, json, os
credentials = boto3.Session().get_credentials()
print(json.dumps([credentials.method, credentials.access_key, sorted(os.environ)]))
boto3.client("s3", region_name="eu-central-1").list_buckets()
"""


def status(service: MetadataService, method: str, path: str, **headers: str) -> tuple[int, str]:
    """What the service answers."""
    url = service.environment()["AWS_EC2_METADATA_SERVICE_ENDPOINT"].rstrip("/") + path
    named = {"ttl": TTL_HEADER, "token": TOKEN_HEADER}
    request = urllib.request.Request(
        url, method=method, headers={named[name]: value for name, value in headers.items()}
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


class Versions(unittest.TestCase):
    def service(self, version: Version) -> MetadataService:
        issuer = Issuer()
        return self.enterContext(MetadataService("arn:aws:iam::1:role/path/r", lambda: issuer.current("r"), version))

    def test_each_version_answers_as_it_should(self):
        expected = {Version.V1: (404, 200), Version.V2: (200, 401), Version.BOTH: (200, 200), Version.NONE: (404, 404)}
        for version, (token, plain) in expected.items():
            with self.subTest(version):
                service = self.service(version)
                asked, given = status(service, "PUT", TOKEN_PATH, ttl="60")
                self.assertEqual((asked, status(service, "GET", ROLES_PATH)[0]), (token, plain))
                if given:
                    self.assertEqual(status(service, "GET", ROLES_PATH, token=given), (200, "r"))
                    self.assertEqual(status(service, "GET", ROLES_PATH, token="another")[0], 401)
                    self.assertEqual(status(service, "PUT", TOKEN_PATH)[0], 400)

    def test_boto3_finds_credentials_with_any_version_and_none_without(self):
        for version in Version:
            with self.subTest(version):
                around = self.service(version).environment() | {"AWS_EC2_METADATA_DISABLED": "false"}
                with mock.patch.dict("os.environ", around):
                    found = boto3.Session().get_credentials()
                self.assertEqual(found and found.method, None if version is Version.NONE else "iam-role")


class RunCredentials(WithServer):
    def test_a_run_finds_those_of_its_role_at_the_metadata_service_alone(self):
        libraries = {"library-set": "analytics"}
        job = self.create_job(WHO, Role="arn:aws:iam::123456789012:role/mine", DefaultArguments=libraries)
        run = self.start(job)
        self.assertEqual(self.ended(job, run)["JobRunState"], "SUCCEEDED")
        method, access_key, environment = json.loads(self.log(job, run))
        self.assertEqual(method, "iam-role")
        self.assertEqual(self.server.issuer.find(access_key).role, "arn:aws:iam::123456789012:role/mine")
        around = {"AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_ENDPOINT_URL"}
        self.assertEqual({name for name in environment if name.startswith("AWS_")}, around)

    def test_expired_ones_are_refused_as_each_service_says_it(self):
        issued = self.server.issuer.current("role")
        session = boto3.Session(issued.access_key, issued.secret_key, issued.token, REGION)
        calls = {
            ("s3", "list_buckets"): "ExpiredToken",
            ("secretsmanager", "list_secrets"): "ExpiredTokenException",
            ("redshift", "describe_clusters"): "ExpiredToken",
            ("redshift-serverless", "list_workgroups"): "ExpiredTokenException",
        }
        for (service, operation), code in calls.items():
            with self.subTest(service):
                call = getattr(session.client(service, endpoint_url=self.server.url), operation)
                if service != "redshift-serverless":  # of which aws-local has no listing
                    call()
                later = mock.patch("aws_local.credentials.time.time", return_value=issued.expires_at)
                with later, self.assertRaises(ClientError) as refused:
                    call()
                self.assertEqual(refused.exception.response["Error"]["Code"], code)

    def test_a_role_has_others_before_the_old_ones_end(self):
        issuer = Issuer(lifetime_seconds=100)
        first, now = issuer.current("role"), time.time()
        with mock.patch("aws_local.credentials.time.time", return_value=now + 45):
            self.assertEqual(issuer.current("role"), first)
        with mock.patch("aws_local.credentials.time.time", return_value=now + 55):
            second = issuer.current("role")
        self.assertNotEqual((second.access_key, second.token), (first.access_key, first.token))
        self.assertNotIn(second.secret_key, repr(second))


if __name__ == "__main__":
    unittest.main()

"""The instance metadata service that a Glue run finds its role's credentials at, one for each run.

"Retrieve security credentials from instance metadata" and "Use the Instance Metadata Service to access instance
metadata" (Amazon EC2 User Guide). That Glue's answers version 1 only is documented nowhere: in a Python shell job
boto3, which falls back to version 1, finds credentials, and the AWS SDK for Rust, which does not, finds none
(github.com/delta-io/delta-rs/issues/3188; "IMDS credential provider", AWS SDKs and Tools Reference Guide).
"""

import enum
import json
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from aws_local.credentials import Credentials

ADDRESS = "127.0.0.1"
TOKEN_PATH = "/latest/api/token"  # noqa: S105 -- a path
TTL_HEADER = "X-aws-ec2-metadata-token-ttl-seconds"
TOKEN_HEADER = "X-aws-ec2-metadata-token"  # noqa: S105 -- a header
ROLES_PATH = "/latest/meta-data/iam/security-credentials/"
# How soon the service ends when its run has.
POLL_SECONDS = 0.05


class Version(enum.Enum):
    """Which versions of the service answer."""

    V1 = "v1"
    V2 = "v2"
    BOTH = "both"
    NONE = "none"


class MetadataService:
    """A running service; a context manager that stops it."""

    def __init__(self, role: str, credentials: Callable[[], Credentials], version: Version = Version.V1) -> None:
        self._server = _Server(role.rpartition("/")[2], credentials, version)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL_SECONDS,), daemon=True)
        self._thread.start()

    def environment(self) -> dict[str, str]:
        """Where a run finds it. On AWS that is an address of the link, which nothing here can bind."""
        return {"AWS_EC2_METADATA_SERVICE_ENDPOINT": f"http://{ADDRESS}:{self._server.server_port}/"}

    def __enter__(self) -> Self:
        """Is running already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stops."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, role: str, credentials: Callable[[], Credentials], version: Version) -> None:
        super().__init__((ADDRESS, 0), _Handler)
        self.role, self.credentials, self.version = role, credentials, version
        self.token = secrets.token_urlsafe()


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_PUT(self) -> None:
        """Gives a token of version 2."""
        if self.path != TOKEN_PATH or self.server.version not in (Version.V2, Version.BOTH):
            self._answer(HTTPStatus.NOT_FOUND)
        elif TTL_HEADER not in self.headers:
            self._answer(HTTPStatus.BAD_REQUEST)
        else:
            self._answer(HTTPStatus.OK, self.server.token, **{TTL_HEADER: self.headers[TTL_HEADER]})

    def do_GET(self) -> None:
        """Gives the role's name or its credentials."""
        version, token = self.server.version, self.headers.get(TOKEN_HEADER)
        if version is Version.NONE:
            self._answer(HTTPStatus.NOT_FOUND)
        # Version 1 knows no tokens; where both answer, a request without one is of version 1.
        elif version is not Version.V1 and token != self.server.token and (token or version is Version.V2):
            self._answer(HTTPStatus.UNAUTHORIZED)
        elif self.path == ROLES_PATH:
            self._answer(HTTPStatus.OK, self.server.role)
        elif self.path == ROLES_PATH + self.server.role:
            self._answer(HTTPStatus.OK, json.dumps(document(self.server.credentials())))
        else:
            self._answer(HTTPStatus.NOT_FOUND)

    def _answer(self, status: HTTPStatus, body: str = "", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body.encode())), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def document(credentials: Credentials) -> dict[str, str]:
    """The credentials as the service writes them."""
    return {
        "Code": "Success",
        "Type": "AWS-HMAC",
        "LastUpdated": timestamp(datetime.now(UTC)),
        "AccessKeyId": credentials.access_key,
        "SecretAccessKey": credentials.secret_key,
        "Token": credentials.token,
        "Expiration": timestamp(datetime.fromtimestamp(credentials.expires_at, UTC)),
    }


def timestamp(moment: datetime) -> str:
    """A moment as AWS writes it, to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

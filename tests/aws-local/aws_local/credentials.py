"""Temporary credentials of roles, as AWS gives them to a Glue run: they expire, and the endpoint refuses them then."""

import json
import re
import secrets
import string
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

# What EC2 gives an instance lasts about so long; AWS documents no figure for Glue.
LIFETIME_SECONDS = 6 * 60 * 60.0
# The part of the lifetime after which a role is given others ("Retrieve security credentials from instance metadata",
# Amazon EC2 User Guide: at least five minutes before the old ones expire).
RENEWED_AFTER = 0.5
KEY_LETTERS = string.ascii_uppercase + "234567"
# Of a request's signature (AWS Signature Version 4: the credential begins with the access key and ends with the scope).
CREDENTIAL = re.compile(r"Credential=([^/]+)/[^/]+/[^/]+/([^/]+)/aws4_request")


@dataclass(frozen=True)
class Credentials:
    """What signs a role's requests until it expires."""

    role: str  # ARN or name
    access_key: str
    secret_key: str
    token: str
    expires_at: float  # seconds since the epoch

    def __repr__(self) -> str:
        """Whose they are, without the secrets."""
        return f"Credentials({self.role}, {self.access_key})"


class Issuer:
    """Makes credentials, and remembers them."""

    def __init__(self, lifetime_seconds: float = LIFETIME_SECONDS) -> None:
        self._lifetime_seconds = lifetime_seconds
        self._issued: dict[str, Credentials] = {}
        self._latest: dict[str, Credentials] = {}  # by role
        self._lock = threading.Lock()

    def current(self, role: str) -> Credentials:
        """Those that a role has now: the same ones until their end is near."""
        with self._lock:
            latest = self._latest.get(role)
            if not latest or time.time() >= latest.expires_at - (1 - RENEWED_AFTER) * self._lifetime_seconds:
                latest = self._latest[role] = self._issue(role)
            return latest

    def _issue(self, role: str) -> Credentials:
        # Keys of temporary credentials begin so (IAM User Guide, "IAM identifiers").
        access_key = "ASIA" + "".join(secrets.choice(KEY_LETTERS) for _ in range(16))
        expires_at = time.time() + self._lifetime_seconds
        issued = Credentials(role, access_key, secrets.token_urlsafe(30), secrets.token_urlsafe(64), expires_at)
        self._issued[access_key] = issued
        return issued

    def find(self, access_key: str) -> Credentials | None:
        """Those with this access key, expired or not."""
        return self._issued.get(access_key)


class RefuseExpired:
    """A WSGI application that answers what is signed with expired credentials as AWS does, and hands on the rest."""

    def __init__(self, application: Any, issuer: Issuer) -> None:
        self._application = application
        self._issuer = issuer

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answers a request."""
        signed = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
        credentials = self._issuer.find(signed[1]) if signed else None
        if not signed or not credentials or time.time() < credentials.expires_at:
            return self._application(environ, start_response)
        status, kind, body = expired(signed[2])
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        if kind != "application/xml":
            headers.append(("x-amzn-ErrorType", "ExpiredTokenException"))
        start_response(status, headers)
        return [body]


def expired(service: str) -> tuple[str, str, bytes]:
    """Status, content type and body ("Error responses", Amazon S3 API Reference; "Common Error Types" of others)."""
    if service == "s3":
        error = "<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>"
        return "400 Bad Request", "application/xml", f'<?xml version="1.0" encoding="UTF-8"?>\n{error}'.encode()
    message = "The security token included in the request is expired"
    # Services that speak AWS's query protocol answer in XML.
    if service in ("redshift", "iam", "sts", "ec2", "cloudformation"):
        error = f"<Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>{message}</Message></Error>"
        return "403 Forbidden", "application/xml", f"<ErrorResponse>{error}</ErrorResponse>".encode()
    answer = {"__type": "ExpiredTokenException", "message": message}
    return "403 Forbidden", "application/x-amz-json-1.1", json.dumps(answer).encode()

"""An endpoint before another one: it writes down what is asked, and can refuse some of it."""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

REFUSAL = b"""<?xml version="1.0"?><Response><Errors><Error><Code>UnauthorizedOperation</Code>
<Message>refused by the test</Message></Error></Errors><RequestID>0</RequestID></Response>"""

# What a request to S3 is, by its method and a part of its query; without any it is of an object (S3 API Reference).
S3_ACTIONS = {
    ("GET", "location"): "GetBucketLocation",
    ("GET", "encryption"): "GetEncryptionConfiguration",
    ("GET", "list-type"): "ListBucket",
    ("GET", ""): "GetObject",
    ("HEAD", ""): "GetObject",
    ("PUT", ""): "PutObject",
    ("POST", ""): "PutObject",
    ("DELETE", ""): "AbortMultipartUpload",
}


@dataclass(frozen=True)
class Request:
    """What a client asked."""

    service: str
    action: str
    path: str
    parameters: dict[str, Any]

    @property
    def is_change(self) -> bool:
        """Whether it may have changed something."""
        return not self.action.startswith(("Describe", "Get", "List"))


class RecordedEndpoint:
    """Passes requests on to `url`, but those that `refuses` says no to."""

    def __init__(self, url: str, refuses: Callable[[Request], bool] = lambda _: False) -> None:
        self.requests: list[Request] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self.requests, refuses, urlsplit(url).netloc))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "RecordedEndpoint":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def changes(self) -> list[Request]:
        """The requests that change something, in order."""
        return [request for request in self.requests if request.is_change]


def _handler(seen: list[Request], refuses: Callable[[Request], bool], place: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def pass_on(self) -> None:
            body = _body(self)
            request = _request(self, body)
            seen.append(request)
            if refuses(request):
                self.answer(403, [("Content-Type", "text/xml")], REFUSAL)
                return
            # Where a client put its template it tells by this endpoint; moto knows S3 by its name.
            body = body.replace(
                quote(f"http://127.0.0.1:{self.server.server_port}/", safe="").encode(),
                quote("https://s3.amazonaws.com/", safe="").encode(),
            )
            connection = HTTPConnection(place)
            headers = {name: value for name, value in self.headers.items() if name.lower() != "transfer-encoding"}
            connection.request(self.command, self.path, body, headers | {"Content-Length": str(len(body))})
            answered = connection.getresponse()
            self.answer(answered.status, answered.getheaders(), answered.read())
            connection.close()

        def answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in ("connection", "content-length", "transfer-encoding"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing: the requests are kept."""

    for method, _ in S3_ACTIONS:
        setattr(Handler, f"do_{method}", Handler.pass_on)
    return Handler


def _body(handler: BaseHTTPRequestHandler) -> bytes:
    if handler.headers.get("Transfer-Encoding") != "chunked":
        return handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    chunks = []
    while size := int(handler.rfile.readline().partition(b";")[0], 16):
        chunks.append(handler.rfile.read(size))
        handler.rfile.readline()
    handler.rfile.readline()
    return b"".join(chunks)


def _request(handler: BaseHTTPRequestHandler, body: bytes) -> Request:
    scope = re.search(r"/([a-z0-9-]+)/aws4_request", handler.headers["Authorization"])
    service = scope.group(1) if scope else ""
    path, _, query = handler.path.partition("?")
    if service == "s3":
        asked = set(parse_qs(query, keep_blank_values=True))
        part = next((it for method, it in S3_ACTIONS if it in asked and method == handler.command), "")
        return Request(service, S3_ACTIONS[handler.command, part], path, {})
    target = handler.headers.get("X-Amz-Target")
    if target:
        return Request(service, target.rpartition(".")[2], path, json.loads(body))
    parameters = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    return Request(service, parameters["Action"], path, parameters)

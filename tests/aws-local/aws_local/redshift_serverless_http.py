"""Redshift Serverless over HTTP: AWS JSON 1.1, before moto, which does not know the service.

A request is ours by its signature's credential scope (AWS General Reference, "Signature Version 4"):
`Credential=<key>/<date>/<region>/redshift-serverless/aws4_request`.
"""

import json
import re
import threading
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.wrappers import Request, Response

from aws_local.redshift_serverless import RedshiftServerless, ServerlessError

SCOPE = re.compile(r"Credential=[^/]+/\d+/([a-z0-9-]+)/redshift-serverless/")


class RedshiftServerlessApplication:
    """A WSGI application that answers for Redshift Serverless and hands everything else on."""

    def __init__(self, others: Callable[..., Iterable[bytes]]) -> None:
        self._others = others
        self._regions: dict[str, RedshiftServerless] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answers one request."""
        scope = SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
        if not scope:
            return self._others(environ, start_response)
        return self._answer(scope[1], Request(environ))(environ, start_response)

    def _answer(self, region: str, request: Request) -> Response:
        action = request.headers.get("X-Amz-Target", "").removeprefix("RedshiftServerless.")
        try:
            with self._lock:
                service = self._regions.setdefault(region, RedshiftServerless(region))
                body, status = service.act(action, json.loads(request.get_data() or b"{}")), 200
        except ServerlessError as error:
            body, status = {"__type": error.code, "message": str(error)}, 400
        except KeyError as error:
            body, status = {"__type": "ValidationException", "message": f"{error.args[0]} is missing"}, 400
        return Response(json.dumps(body), status, content_type="application/x-amz-json-1.1")

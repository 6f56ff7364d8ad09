"""What only some callers need, and takes a second to import: installed with the first call of a service."""

import threading
from collections.abc import Callable, Iterable
from typing import Any


class OnDemand:
    """A WSGI application that first runs `install` once a request is for one of the services."""

    def __init__(self, application: Any, services: Iterable[str], install: Callable[[], None]) -> None:
        # What the signature of a request says (AWS Signature Version 4: the credential's scope).
        self._scopes = tuple(f"/{service}/aws4_request" for service in services)
        self._application = application
        self._install = install
        self._installed = False
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answers a request."""
        signature = environ.get("HTTP_AUTHORIZATION", "")
        if not self._installed and any(scope in signature for scope in self._scopes):
            with self._lock:
                if not self._installed:
                    self._install()
                    self._installed = True
        return self._application(environ, start_response)

"""A second door to the endpoint, at which a test sees each request before and after it is answered."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

Environ = dict[str, Any]
Answer = Iterable[bytes]


class Door:
    """Answers as the endpoint of this process does: moto keeps one state for all servers of a process."""

    def __init__(self, before: Callable[[Environ], bytes | None], after: Callable[[Environ], None]) -> None:
        """`before` may answer itself, with an error of AWS's JSON protocol; `after` comes when the answer is known."""
        self._behind = DomainDispatcherApplication(create_backend_app)
        self._before, self._after = before, after
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True, request_handler=MotoRequestHandler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> "Door":
        """Opens it."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Closes it."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, environ: Environ, start: Callable[..., Any]) -> Answer:
        refusal = self._before(environ)
        if refusal is not None:
            start("400 Bad Request", [("Content-Type", "application/x-amz-json-1.1")])
            return [refusal]
        answer = list(self._behind(environ, start))
        self._after(environ)
        return answer

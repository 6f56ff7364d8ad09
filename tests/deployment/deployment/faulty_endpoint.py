"""An endpoint before another one: it writes down EC2's actions, and can refuse one of those that change something."""

import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

READS = "Describe"
REFUSAL = b"""<?xml version="1.0"?><Response><Errors><Error><Code>UnauthorizedOperation</Code>
<Message>refused by the test</Message></Error></Errors><RequestID>0</RequestID></Response>"""


class FaultyEndpoint:
    """Passes requests on to `url`."""

    def __init__(self, url: str) -> None:
        self.actions: list[str] = []
        # The change that is refused, counted from 1; None for none.
        self.refused: int | None = None
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if endpoint.refuses(parse_qs(body.decode())["Action"][0]):
                    self.answer(403, REFUSAL)
                    return
                connection = HTTPConnection(urlsplit(url).netloc)
                connection.request("POST", self.path, body, dict(self.headers))
                answered = connection.getresponse()
                self.answer(answered.status, answered.read())
                connection.close()

            def answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "text/xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Says nothing: `actions` does."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "FaultyEndpoint":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def refuses(self, action: str) -> bool:
        """Counts the action, and says whether it is the one that is refused."""
        self.actions.append(action)
        return not action.startswith(READS) and len(self.changes) == self.refused

    @property
    def changes(self) -> list[str]:
        """The actions that change something, in order."""
        return [action for action in self.actions if not action.startswith(READS)]

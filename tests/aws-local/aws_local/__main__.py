"""The command line: `python -m aws_local serve` and `python -m aws_local provision`; see README.md."""

import argparse
import os
import signal
import sys
import threading
from importlib import import_module
from pathlib import Path

from aws_local.endpoint import Endpoint
from aws_local.provision import Request, provision


def main() -> None:
    """Reads the arguments and does what they say."""
    parser = argparse.ArgumentParser(prog="aws_local", description="a local AWS endpoint")
    commands = parser.add_subparsers(required=True)

    serving = commands.add_parser("serve", help="run the endpoint until SIGTERM or SIGINT")
    serving.add_argument("--directory", type=Path, required=True, help="where Glue runs and their logs are kept")
    serving.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0, the default, takes a free one")
    serving.add_argument("--ca", type=Path, help="PEM file of the authority that Glue runs trust")
    serving.add_argument(
        "--metadata",
        choices=("v1", "v2", "both", "none"),
        default="v1",
        help="versions of the metadata service that Glue runs find credentials at; v1, the default, as on Glue",
    )
    serving.add_argument("--credential-seconds", type=float, help="how long the credentials of a Glue run last")
    serving.add_argument("--until-stdin-closes", action="store_true", help="end also when stdin closes")
    serving.set_defaults(run=serve)

    provisioning = commands.add_parser("provision", help="deploy what a job needs; prints names and ARNs as JSON")
    provisioning.add_argument("--endpoint-url", required=True, help="the endpoint, as http://127.0.0.1:<port>")
    provisioning.add_argument("--file", type=Path, help="request as JSON, mode 0600; stdin when left out")
    provisioning.set_defaults(run=deploy)

    arguments = parser.parse_args()
    arguments.run(arguments)


def serve(arguments: argparse.Namespace) -> None:
    """Runs the endpoint; prints `ready port=<port>` once it answers."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    # Here, since moto takes seconds to import, which who deploys need not wait for.
    module = import_module("aws_local.server")
    given = {"version": module.metadata.Version(arguments.metadata)}
    if arguments.credential_seconds is not None:
        given["lifetime_seconds"] = arguments.credential_seconds
    server = module.Server(arguments.directory, arguments.port, arguments.ca, module.RunCredentials(**given))
    server.start()
    print(f"ready port={server.port}", flush=True)
    if arguments.until_stdin_closes:
        threading.Thread(target=set_when_stdin_closes, args=(ended,), daemon=True).start()
    ended.wait()
    server.stop()


def set_when_stdin_closes(ended: threading.Event) -> None:
    """Reads past Python's buffer, whose lock a thread must not hold when the interpreter ends."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    ended.set()


def deploy(arguments: argparse.Namespace) -> None:
    """Deploys the request that the file or stdin holds; prints the deployment."""
    if arguments.file:
        mode = arguments.file.stat().st_mode & 0o077
        if mode:
            raise SystemExit(f"{arguments.file} holds passwords and others may read it: chmod 600 it")
        text = arguments.file.read_text()
    else:
        text = sys.stdin.read()
    request = Request.from_json(text)
    print(provision(Endpoint(arguments.endpoint_url, request.region), request).to_json())


if __name__ == "__main__":
    main()

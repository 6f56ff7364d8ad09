"""The command line behind `./build.sh local start|stop|status`."""

import argparse
import sys
from pathlib import Path

from local_stack import environment
from local_stack.daemon import StartError
from local_stack.stack import Programs, Stack


def main() -> None:
    """Reads the arguments and does what they say."""
    parser = argparse.ArgumentParser(prog="local_stack")
    parser.add_argument("--directory", type=Path, required=True, help="the stack's state")
    parser.add_argument("--environment", type=Path, required=True, help="the file that a shell can source")
    commands = parser.add_subparsers(required=True)
    starting = commands.add_parser("start")
    starting.add_argument("--redshift-local", type=Path, required=True)
    starting.add_argument("--postgres", type=Path, required=True)
    starting.add_argument("--launcher", type=Path, required=True)
    starting.add_argument("--executables", type=Path, required=True)
    starting.add_argument("--tenant", required=True)
    starting.set_defaults(run=start)
    commands.add_parser("stop").set_defaults(run=stop)
    commands.add_parser("status").set_defaults(run=status)
    arguments = parser.parse_args()
    arguments.run(arguments)


def start(arguments: argparse.Namespace) -> None:
    """Starts the stack and writes the environment's file."""
    programs = Programs(
        arguments.redshift_local, arguments.postgres, arguments.launcher.resolve(), arguments.executables.resolve()
    )
    try:
        stack = Stack(arguments.directory).start(programs, arguments.tenant)
    except StartError as error:
        raise SystemExit(f"cannot start the local stack: {error}") from None
    environment.write(arguments.environment, stack, tools=Path(sys.executable).parent)
    status(arguments)
    print(f"\nsource {arguments.environment}, then for example:")
    for side in ("SOURCE", "TARGET"):
        login = f'-h "${side}_HOST" -p "${side}_PORT" -U "${side}_USER" "${side}_DATABASE"'
        print(f'  PGPASSWORD="${side}_PASSWORD" psql {login}')
    print(f"  aws glue get-job-runs --job-name {stack.deployment.jobs['migrate-schema']}")


def stop(arguments: argparse.Namespace) -> None:
    """Stops the stack; it says nothing when nothing runs."""
    Stack(arguments.directory).stop()
    arguments.environment.unlink(missing_ok=True)


def status(arguments: argparse.Namespace) -> None:
    """Prints a line for each part; exit status 1 when not all of it runs."""
    stack = Stack(arguments.directory)
    description = stack.describe()
    urls = {}
    if description:
        urls["aws-local"] = description.endpoint.url
        for part, warehouse in (("source", description.source), ("target", description.target)):
            urls[part] = f"{warehouse.host}:{warehouse.port}/{warehouse.database}"
    for part, pid in stack.pids().items():
        print(f"{part:10} {f'running  pid {pid:<8}' if pid else 'stopped':22} {urls.get(part, '')}".rstrip())
        if pid:
            print(f"{'':10} log {stack.log(part)}")
    if not description:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

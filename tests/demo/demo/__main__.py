"""The command line behind `./build.sh demo`."""

import argparse
import shutil
import signal
import sys
import time
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from local_stack.daemon import StartError
from local_stack.stack import Description, Programs, Stack

from demo import inventory, sample, summary
from demo.migration import Migration, MigrationError
from demo.progress import Progress
from demo.psql import Psql, PsqlError


def main() -> None:
    """Starts a stack, migrates the sample tenant on it, compares both sides, stops the stack."""
    parser = argparse.ArgumentParser(prog="demo")
    parser.add_argument("--directory", type=Path, required=True, help="where the stack lives; kept only on failure")
    parser.add_argument("--redshift-local", type=Path, required=True)
    parser.add_argument("--postgres", type=Path, required=True)
    parser.add_argument("--launcher", type=Path, required=True)
    parser.add_argument("--executables", type=Path, required=True)
    arguments = parser.parse_args()
    programs = Programs(
        arguments.redshift_local, arguments.postgres, arguments.launcher.resolve(), arguments.executables.resolve()
    )
    progress = Progress()
    # Whatever ends the demo, its stack does not outlive it.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda signalled, _: sys.exit(128 + signalled))
    stack = Stack(arguments.directory)
    try:
        with progress.phase("start the local stack"):
            description = stack.start(programs, sample.TENANT)
        agreed = demonstrate(description, progress)
    except (StartError, PsqlError, MigrationError, ClientError, BotoCoreError) as error:
        raise SystemExit(f"demo: {error} (logs: {arguments.directory})") from None
    finally:
        stack.stop()
    if not agreed:
        raise SystemExit(f"demo: source and target differ (logs: {arguments.directory})")
    shutil.rmtree(arguments.directory)


def demonstrate(stack: Description, progress: Progress) -> bool:
    """Migrates the sample tenant; returns whether both sides agree and a second schema run changed nothing."""
    source, target = (Psql(warehouse, stack.ca) for warehouse in (stack.source, stack.target))
    migration = Migration(stack, sample.SCHEMAS, f"demo-{int(time.time())}", progress)
    with progress.phase("load the sample tenant into the source"):
        source.run(sample.SOURCE)
    with progress.phase("create schema objects"):
        outcome = migration.create_schema_objects()
        progress.note(f"{outcome['applied']} steps applied")
    with progress.phase("migrate tables"):
        migration.migrate_tables()
    with progress.phase("refresh materialized views"):
        migration.refresh_views()
    with progress.phase("count both sides"):
        before, after = (inventory.take(psql, sample.SCHEMAS) for psql in (source, target))
    with progress.phase("create schema objects once more"):
        again = Migration(stack, sample.SCHEMAS, f"{migration.run_id}-again", progress).create_schema_objects()
        progress.note(f"{again['applied']} steps applied")
    for lines in (
        summary.comparison("Objects", before.objects, after.objects),
        summary.comparison("Rows", before.rows, after.rows),
        summary.durations(progress.seconds),
        summary.not_carried_over(outcome["not_carried_over"]),
    ):
        print("", *lines, sep="\n")
    return not summary.differences(before, after) and again["applied"] == 0


if __name__ == "__main__":
    main()

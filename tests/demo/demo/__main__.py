"""The command line behind `./build.sh demo`."""

import argparse
import shutil
import signal
import sys
import traceback
from pathlib import Path

from aws_local.provision import JOBS
from botocore.exceptions import BotoCoreError, ClientError
from deployment.environment import (
    SynthError,
    create_network,
    deploy_environment,
    environment_of,
    make_dist,
    synthesize,
)
from local_stack.daemon import StartError
from local_stack.psql import Psql, PsqlError
from local_stack.stack import Description, Programs, Stack

from demo import inventory, sample, summary
from demo.migration import Migration, MigrationError
from demo.progress import Progress

ENVIRONMENT = "demo"
# In the directory of the logs: where an error came from that nobody thought of.
TRACEBACK = "demo.traceback"


def main() -> None:
    """Starts a stack, deploys the CDK app on it, migrates the sample tenant, compares both sides, stops the stack."""
    parser = argparse.ArgumentParser(prog="demo")
    parser.add_argument("--directory", type=Path, required=True, help="where the stack lives; kept only on failure")
    parser.add_argument("--report", type=Path, required=True, help="the directory that gets the report")
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
        with progress.phase("deploy the CDK app"):
            migration = deploy(description, programs, arguments.directory, progress)
        wrong = demonstrate(description, migration, arguments.report)
    except (StartError, SynthError, PsqlError, MigrationError, ClientError, BotoCoreError) as error:
        raise SystemExit(f"demo: {error} (logs: {arguments.directory})") from None
    except Exception as error:  # whatever it was, the logs tell more than its traceback
        raise SystemExit(unforeseen(error, arguments.directory)) from None
    finally:
        stack.stop()
    if wrong:
        raise SystemExit(f"demo: {'; '.join(wrong)} (logs: {arguments.directory})")
    shutil.rmtree(arguments.directory)


def unforeseen(error: Exception, logs: Path) -> str:
    """The line that the demo ends with; the traceback goes to the logs."""
    logs.mkdir(parents=True, exist_ok=True)
    (logs / TRACEBACK).write_text("".join(traceback.format_exception(error)))
    return f"demo: {type(error).__name__}: {' '.join(str(error).split())} (logs: {logs})"


def deploy(stack: Description, programs: Programs, directory: Path, progress: Progress) -> Migration:
    """Deploys the CDK app for the stack's warehouses."""
    dist = make_dist(directory / "dist", programs.launcher, programs.executables, JOBS)
    content = environment_of(stack, create_network(stack.endpoint))
    assembly = synthesize(directory, ENVIRONMENT, content, dist)
    return Migration(stack.endpoint, deploy_environment(stack, assembly, ENVIRONMENT), progress)


def demonstrate(stack: Description, migration: Migration, report: Path) -> list[str]:
    """Plans and migrates the sample tenant, and plans it once more; returns what is not as it should be."""
    source, target = (Psql(warehouse, stack.ca) for warehouse in (stack.source, stack.target))
    progress = migration.progress
    given = {
        "TENANT_NAME": sample.TENANT,
        "SCHEMAS": ",".join(sample.SCHEMAS),
        "SOURCE_SECRET_ARN": stack.deployment.source_secret_arn,
        "TARGET_SECRET_ARN": stack.deployment.target_secret_arn,
    }
    with progress.phase("load the sample tenant into the source"):
        source.run(sample.SOURCE)
    with progress.phase("plan"):
        planned = migration.run(given | {"DRY_RUN": True})
        progress.note(planned.output["summary"])
    with progress.phase("migrate"):
        ended = migration.run(given)
    with progress.phase("count both sides"):
        before, after = (inventory.take(psql, sample.SCHEMAS) for psql in (source, target))
    with progress.phase("plan once more"):
        again = migration.run(given | {"DRY_RUN": True})
        progress.note(again.output["summary"])
    page = migration.fetch_report(ended, report)
    told = migration.bucket.report(ended.output)
    for lines in (
        summary.comparison("Objects", before.objects, after.objects),
        summary.comparison("Rows", before.rows, after.rows),
        summary.durations(progress.seconds),
        summary.not_carried_over(told["not_carried_over"]),
        summary.report(told, page),
    ):
        print("", *lines, sep="\n")
    return summary.wrong(planned.output, ended.output, again.output, summary.differences(before, after))


if __name__ == "__main__":
    main()

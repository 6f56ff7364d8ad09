"""Starts a job's static executable as an AWS Glue run: the one script of every job, for Glue's Python 3.9 and boto3.

Arguments but --EXECUTABLE s3://bucket/key and --EXECUTABLE_SHA256 go to the executable unchanged; its exit status and
last error line are the run's ("Python shell jobs", Glue Developer Guide).

As a Glue Spark job with --FAN_OUT s3://bucket/key of a run's tables.json it starts the executable once for each item
of that array, with the item's --TABLES, wherever Spark has an executor free.
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile

import boto3
from botocore.exceptions import BotoCoreError, ClientError

CONFIGURATION, UNREACHABLE = 2, 3  # exit statuses, with the meaning that they have for the jobs


def ended(status, line, said=False):
    """Ends the run: Python exits with the status; whoever reports the exception by its text has the error line."""
    if not said:
        print(line, file=sys.stderr, flush=True)
    end = SystemExit(status)
    end.args = (line,)
    return end


def take(argv, key, required=True):
    """Removes `key value` or `key=value` from argv; returns the value."""
    for index, argument in enumerate(argv):
        name, equals, value = argument.partition("=")
        if name == key and (equals or index + 1 < len(argv)):
            return value if argv.pop(index) != key else argv.pop(index)
    if required:
        raise ended(CONFIGURATION, f"argument {key} is missing: add it to the job's default arguments")
    return None


def download(name, url, path):
    """Downloads what the argument of this name says to path."""
    bucket, _, key = url.removeprefix("s3://").partition("/")
    if not (url.startswith("s3://") and bucket and os.path.basename(key)):
        raise ended(CONFIGURATION, f"{name} {url} is not of the form s3://bucket/key: correct it")
    try:
        boto3.client("s3").download_file(bucket, key, path)
    except (BotoCoreError, ClientError, ValueError) as error:
        raise ended(UNREACHABLE, f"cannot fetch {url}: {' '.join(str(error).split())}: check place and role")


def fetch(url, sha256, path):
    """Downloads the executable to path, and refuses one with another SHA-256 than the job was deployed with."""
    download("--EXECUTABLE", url, path)
    with open(path, "rb") as file:
        if hashlib.sha256(file.read()).hexdigest() != sha256.lower():
            raise ended(CONFIGURATION, f"the SHA-256 of {url} is not {sha256}: deploy the executable again")
    os.chmod(path, 0o500)


def run(command):
    """Runs the command with our stdout and our signals; returns its exit status and the last line of its stderr."""
    early, children, last = [], [], ""

    def forward(number, _frame):
        children[0].send_signal(number) if children else early.append(number)

    signal.signal(signal.SIGTERM, forward)
    signal.signal(signal.SIGINT, forward)
    children.append(subprocess.Popen(command, stderr=subprocess.PIPE))
    for number in early:
        children[0].send_signal(number)
    for line in children[0].stderr:
        os.write(2, line)
        last = line.decode("utf-8", "replace").strip() or last
    status = children[0].wait()
    return (status if status >= 0 else 128 - status), last


def start(url, sha256, arguments):
    """Fetches the executable into a directory of its own and runs it; returns its exit status and last error line."""
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, os.path.basename(url))
        fetch(url, sha256, path)
        return run([path, *arguments])


def start_apart(url, sha256, arguments):
    """The same on an executor of Spark, where what goes wrong is an outcome too: Spark would try a task again."""
    try:
        return start(url, sha256, arguments)
    except SystemExit as end:
        return end.code, str(end)


def fan_out(tables, url, sha256, arguments):
    """Runs the executable once for each item of tables.json; returns exit status and line of all of them together.

    As with one executable for all tables: a failure of some is the ledger's to tell, or with --STRICT the first one.
    """
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 (a Python shell job has none)
    except ImportError:
        raise ended(CONFIGURATION, "--FAN_OUT needs a Glue Spark job: leave it out, or deploy the job as one")
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "tables.json")
        download("--FAN_OUT", tables, path)
        with open(path, encoding="utf-8") as file:
            items = [item["tables"] for item in json.load(file)]
    session = SparkSession.builder.getOrCreate()
    work = [[*arguments, "--TABLES", item] for item in items]
    spread = session.sparkContext.parallelize(work, max(len(work), 1))
    ends = spread.map(lambda each: start_apart(url, sha256, each)).collect()
    for item, (status, line) in zip(items, ends):
        print(f"{item}: exit status {status} {line}", flush=True)
    failed = [end for end in ends if end[0]]
    strict = any(argument.lower() in ("--strict", "--strict=true") for argument in arguments)
    if not failed or (len(failed) < len(ends) and not strict):
        return 0, ""
    return failed[0]


if __name__ == "__main__":
    url, sha256 = take(sys.argv, "--EXECUTABLE"), take(sys.argv, "--EXECUTABLE_SHA256")
    tables = take(sys.argv, "--FAN_OUT", required=False)
    if tables:
        status, line = fan_out(tables, url, sha256, sys.argv[1:])
    else:
        status, line = start(url, sha256, sys.argv[1:])
    if status:
        # What an executor said on its standard error is not here yet.
        said = bool(line) and not tables
        raise ended(status, line or f"{url} ended with exit status {status} and no error line", said=said)

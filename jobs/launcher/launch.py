"""Starts a job's static executable as an AWS Glue run: the one script of every job, for Glue's Python 3.9 and boto3.

Arguments but --EXECUTABLE s3://bucket/key and --EXECUTABLE_SHA256 go to the executable unchanged; its exit status and
last error line are the run's ("Python shell jobs", Glue Developer Guide).
"""

import hashlib
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


def take(argv, key):
    """Removes `key value` or `key=value` from argv; returns the value."""
    for index, argument in enumerate(argv):
        name, equals, value = argument.partition("=")
        if name == key and (equals or index + 1 < len(argv)):
            return value if argv.pop(index) != key else argv.pop(index)
    raise ended(CONFIGURATION, f"argument {key} is missing: add it to the job's default arguments")


def fetch(url, sha256, path):
    """Downloads the executable to path, and refuses one with another SHA-256 than the job was deployed with."""
    bucket, _, key = url.removeprefix("s3://").partition("/")
    if not (url.startswith("s3://") and bucket and os.path.basename(key)):
        raise ended(CONFIGURATION, f"--EXECUTABLE {url} is not of the form s3://bucket/key: deploy the job again")
    try:
        boto3.client("s3").download_file(bucket, key, path)
    except (BotoCoreError, ClientError, ValueError) as error:
        raise ended(UNREACHABLE, f"cannot fetch {url}: {' '.join(str(error).split())}: check place and role")
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


if __name__ == "__main__":
    url, sha256 = take(sys.argv, "--EXECUTABLE"), take(sys.argv, "--EXECUTABLE_SHA256")
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, os.path.basename(url))
        fetch(url, sha256, path)
        status, line = run([path, *sys.argv[1:]])
    if status:
        raise ended(status, line or f"{url} ended with exit status {status} and no error line", said=bool(line))

"""Starts a job's static executable as an AWS Glue run: the one script of every job, for Glue's Python 3.9 and boto3.

Arguments but --EXECUTABLE s3://bucket/key and --EXECUTABLE_SHA256 go to the executable unchanged; its exit status and
last error line are the run's ("Python shell jobs", Glue Developer Guide). It gets the credentials that boto3 finds.
As a Glue Spark job with --FAN_OUT s3://bucket/key of a run's tables.json it starts the executable once for each item of
that array, with the item's --TABLES, wherever Spark has an executor free; then with --FAN_OUT, to judge how they ended.
"""

import hashlib
import http.server
import io
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time

try:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    boto3 = None

CONFIGURATION, UNREACHABLE = 2, 3  # exit statuses, with the meaning that they have for the jobs
FRESH_SECONDS = 60  # boto3 replaces credentials minutes before they expire: what it has is good for so long
# What the AWS SDK would take in the place of ours ("Standardized credential providers", AWS SDKs and Tools Reference).
ELSEWHERE = ("AWS_ACCESS_", "AWS_SECRET_", "AWS_SESSION_", "AWS_PROFILE", "AWS_WEB_IDENTITY_", "AWS_CONTAINER_")


def ended(status, line, said=False):
    """Ends the run: Python exits with the status; a reporter of the exception's text has the line, once said."""
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


def fetch(session, url, sha256=None):
    """Returns the object at s3://bucket/key, if its SHA-256 is this one."""
    bucket, _, key = url.removeprefix("s3://").partition("/")
    content = io.BytesIO()
    os.environ.setdefault("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "5")  # of a second each; by itself boto3 makes one
    try:
        session.client("s3").download_fileobj(bucket, key, content)
    except (BotoCoreError, ClientError, ValueError) as error:
        raise ended(UNREACHABLE, f"cannot fetch {url}: {' '.join(str(error).split())}: check place and role")
    if sha256 is not None and hashlib.sha256(content.getvalue()).hexdigest() != sha256.lower():
        raise ended(CONFIGURATION, f"the SHA-256 of {url} is not {sha256}: deploy the executable again")
    return content.getvalue()


def serve_credentials(session):
    """Serves boto3's credentials ("Container credential provider", AWS SDKs and Tools Reference) where it says."""
    credentials, token = session.get_credentials(), secrets.token_urlsafe(32)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if not secrets.compare_digest(self.headers.get("Authorization", ""), token):
                return self.send_error(403)
            held = credentials.get_frozen_credentials()
            answer = {"AccessKeyId": held.access_key, "SecretAccessKey": held.secret_key, "Token": held.token}
            answer["Expiration"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + FRESH_SECONDS))
            self.send_response_only(200)
            self.end_headers()
            return self.wfile.write(json.dumps(answer).encode())

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ELSEWHERE)}
    environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"http://127.0.0.1:{server.server_port}/"
    return server, {**environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN": token}


def run(command, **how):
    """Runs the command with our stdout and our signals; returns its exit status and the last line of its stderr."""
    early, children, last = [], [], ""

    def forward(number, _frame):
        children[0].send_signal(number) if children else early.append(number)

    signal.signal(signal.SIGTERM, forward)
    signal.signal(signal.SIGINT, forward)
    children.append(subprocess.Popen(command, stderr=subprocess.PIPE, **how))
    for number in early:
        children[0].send_signal(number)
    for line in children[0].stderr:
        os.write(2, line)
        last = line.decode("utf-8", "replace").strip() or last
    status = children[0].wait()
    return (status if status >= 0 else 128 - status), last


def start(url, sha256, region, arguments, given=b""):
    """Runs the executable, with `given` on its stdin; returns exit status and last error line, its own or ours."""
    session = boto3.Session(region_name=region)
    try:
        executable = fetch(session, url, sha256)
    except SystemExit as end:  # an outcome, too: where it is raised Spark tries again
        return end.code, str(end)
    with tempfile.TemporaryDirectory() as directory, tempfile.TemporaryFile() as stdin:
        path = os.path.join(directory, os.path.basename(url))
        with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o500)) as file:
            file.write(executable)
        stdin.write(given)
        stdin.seek(0)
        server, environment = serve_credentials(session)
        with server:
            end = run([path, *arguments], env=environment, stdin=stdin)
            server.shutdown()
            return end


def fan_out(tables, way, arguments):
    """Runs the executable once for each item of tables.json, then once more to judge by how these ended."""
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 (a Python shell job has none)
    except ImportError:
        raise ended(CONFIGURATION, "--FAN_OUT needs a Glue Spark job: leave it out, or deploy the job as one")
    items = [item["tables"] for item in json.loads(fetch(boto3.Session(region_name=way[2]), tables))]
    spread = SparkSession.builder.getOrCreate().sparkContext.parallelize(items, max(len(items), 1))
    ends = spread.map(lambda item: (item, *start(*way, [*arguments, "--TABLES", item]))).collect()
    given = [dict(zip(("tables", "status", "line"), end)) for end in ends]
    return start(*way, [*arguments, "--FAN_OUT", tables], json.dumps(given).encode())


if __name__ == "__main__":
    if boto3 is None:
        raise ended(CONFIGURATION, "boto3 is missing: set the parameter library-set of the Glue job to analytics")
    take(sys.argv, "library-set", required=False)  # Glue's own, whose name has no dashes
    region, tables = take(list(sys.argv), "--AWS_REGION", required=False), take(sys.argv, "--FAN_OUT", required=False)
    way = (take(sys.argv, "--EXECUTABLE"), take(sys.argv, "--EXECUTABLE_SHA256"), region)
    status, line = fan_out(tables, way, sys.argv[1:]) if tables else start(*way, sys.argv[1:])
    if status:
        raise ended(status, line or f"{way[0]} ended with exit status {status} and no error line", bool(line))

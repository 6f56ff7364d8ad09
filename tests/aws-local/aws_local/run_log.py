"""What a Glue run printed, in CloudWatch Logs: on AWS while it runs, here when it has ended.

"Configuring job properties for Python shell jobs" (Glue Developer Guide): one group for output, one for errors. A
stream is called like its run (github.com/boto/boto3/issues/1737; no page says it of Python shell jobs).
"""

import contextlib
import time
from pathlib import Path

from moto.logs.exceptions import ResourceAlreadyExistsException
from moto.logs.models import LogsBackend

GROUP = "/aws-glue/python-jobs"
FILES = {"output": "stdout.log", "error": "stderr.log"}


def publish(logs: LogsBackend, run_id: str, directory: Path) -> None:
    """Puts the logs of a run that lie in its directory, line by line."""
    now = int(time.time() * 1000)
    for kind, name in FILES.items():
        file, group = directory / name, f"{GROUP}/{kind}"
        lines = file.read_text(errors="replace").splitlines() if file.exists() else []
        # An event has at least one character, a call at least one event (PutLogEvents, CloudWatch Logs API Reference).
        events = [{"timestamp": now, "message": line} for line in lines if line]
        if not events:
            continue
        with contextlib.suppress(ResourceAlreadyExistsException):
            logs.create_log_group(group, tags={})
        logs.ensure_log_stream(group, run_id)
        logs.put_log_events(group, run_id, events)

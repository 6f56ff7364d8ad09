"""The process of one Glue run: what is started, how it is stopped, and what is said of its end.

Knows neither moto nor the Glue API.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

# A stopped run may end its transactions in this time before it is killed. AWS documents no figure.
GRACE_SECONDS = 5.0
# Of a log that never ends a line, no more than this is searched for the last error line.
TAIL_BYTES = 64 * 1024


@dataclass(frozen=True)
class Outcome:
    """How a run ended: a terminal JobRunState (AWS Glue Developer Guide, "AWS Glue job run statuses") and why."""

    state: str
    error: str | None


class GlueProcess:
    """`python <script> <arguments>` in a session of its own, with its logs in the run's directory."""

    def __init__(self, directory: Path, script: Path, arguments: list[str], environment: dict[str, str]) -> None:
        self._directory = directory
        self._stopping = threading.Event()
        with (directory / "stdout.log").open("wb") as stdout, (directory / "stderr.log").open("wb") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, script.name, *arguments],
                cwd=directory,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )

    def wait(self, timeout_seconds: float) -> Outcome:
        """Waits for the end; past the timeout the run is ended as a stop would."""
        try:
            status = self._process.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            self._end()
            return Outcome("TIMEOUT", f"run ended after its timeout of {timeout_seconds:g} s")
        finally:
            self._signal(signal.SIGKILL)  # nothing that the run started outlives it
        if self._stopping.is_set():
            return Outcome("STOPPED", None)
        if status == 0:
            return Outcome("SUCCEEDED", None)
        return Outcome("FAILED", f"Command failed with exit code {status}: {self._last_error_line()}")

    def stop(self) -> None:
        """Asks the run to end, and ends it when it does not within the grace."""
        self._stopping.set()
        self._end()

    def _end(self) -> None:
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):  # it may have ended, with all that it started
            os.killpg(self._process.pid, number)

    def _last_error_line(self) -> str:
        with (self._directory / "stderr.log").open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - TAIL_BYTES))
            lines = log.read().decode("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "nothing on stderr")

"""A process that outlives its starter: found again by its pid file, ready when it says so, ended for certain."""

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

READY = re.compile(r"^ready port=(\d+)", re.MULTILINE)
# A warehouse creates its database in about a second; a busy machine may take much longer.
READY_SECONDS = 90.0
STOP_SECONDS = 30.0
POLL_SECONDS = 0.05
# So much of a log is shown when a process does not come up.
LOG_LINES = 15
# What this process started itself has to be reaped here, or it would seem to run on.
_children: dict[int, subprocess.Popen] = {}


class StartError(Exception):
    """A process ended, or said nothing, before it was ready."""


@dataclass(frozen=True)
class Daemon:
    """A detached process named within a directory, where `<name>.pid` and `<name>.log` are."""

    directory: Path
    name: str

    @property
    def log(self) -> Path:
        """What the process writes to stdout and stderr."""
        return self.directory / f"{self.name}.log"

    @property
    def _pid_file(self) -> Path:
        return self.directory / f"{self.name}.pid"

    def start(self, command: list[str], environment: dict[str, str]) -> int:
        """Starts the process, waits until it is ready, and returns its port."""
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                command,
                env=environment,
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _children[process.pid] = process
        self._pid_file.write_text(json.dumps({"pid": process.pid, "started": _started(process.pid)}))
        deadline = time.monotonic() + READY_SECONDS
        while not (ready := READY.search(self.log.read_text(errors="replace"))):
            if process.poll() is not None:
                raise StartError(f"{self.name} ended with status {process.returncode}:\n{self._last_lines()}")
            if time.monotonic() > deadline:
                self.stop()
                raise StartError(f"{self.name} was not ready in {READY_SECONDS:g} s:\n{self._last_lines()}")
            time.sleep(POLL_SECONDS)
        return int(ready[1])

    def pid(self) -> int | None:
        """The process id while the process runs; a process that only has the same number is not it."""
        try:
            known = json.loads(self._pid_file.read_text())
        except FileNotFoundError:
            return None
        if child := _children.get(known["pid"]):
            child.poll()
        return known["pid"] if _started(known["pid"]) == known["started"] else None

    def stop(self) -> None:
        """Ends the process, by force when it does not end by itself; does nothing when it does not run."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            deadline = time.monotonic() + STOP_SECONDS
            with contextlib.suppress(ProcessLookupError):
                if pid := self.pid():
                    os.kill(pid, number)
            while self.pid() and time.monotonic() < deadline:
                time.sleep(POLL_SECONDS)
        self._pid_file.unlink(missing_ok=True)

    def _last_lines(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-LOG_LINES:])


def _started(pid: int) -> str | None:
    """When the process was started, in clock ticks since boot (field 22 of proc_pid_stat(5)); None for no process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return stat.rpartition(")")[2].split()[19]

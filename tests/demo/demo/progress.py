"""What the demo says while it works: a bar on a terminal, a line for each step elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

BAR_WIDTH = 24


class Progress:
    """Phases with their durations, and the steps of a phase."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self._out = out
        self.seconds: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Announces a phase and measures it."""
        self._line(f"== {name}")
        begun = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - begun

    def note(self, text: str) -> None:
        """Says something about the phase."""
        self._line(f"   {text}")

    def step(self, done: int, of: int, text: str) -> None:
        """Says that one more of a phase's steps is done."""
        count = f"{done:>{len(str(of))}}/{of}"
        if not self._out.isatty():
            self._line(f"   {count}  {text}")
            return
        filled = BAR_WIDTH * done // of
        bar = "█" * filled + "░" * (BAR_WIDTH - filled)
        self._out.write(f"\r\x1b[2K   {count}  {text}\n   {bar}" + ("\n" if done == of else ""))
        self._out.flush()

    def _line(self, text: str) -> None:
        print(text, file=self._out, flush=True)

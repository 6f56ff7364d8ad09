"""Runs the tests of a directory and writes as JUnit how long each took: only Python 3.12 tells that by itself."""

import sys
import time
import unittest
from pathlib import Path
from xml.etree import ElementTree


class TimedResult(unittest.TextTestResult):
    """Keeps the seconds of each test, without those of its class's set-up."""

    def __init__(self, *arguments: object, **settings: object) -> None:
        super().__init__(*arguments, **settings)
        self.seconds: dict[str, float] = {}
        self._began = 0.0

    def startTest(self, test: unittest.TestCase) -> None:  # noqa: N802 -- unittest's name
        """Is called before each test."""
        super().startTest(test)
        self._began = time.monotonic()

    def stopTest(self, test: unittest.TestCase) -> None:  # noqa: N802 -- unittest's name
        """Is called after each test, however it ended."""
        self.seconds[test.id()] = time.monotonic() - self._began
        super().stopTest(test)

    def write(self, file: Path) -> None:
        """Writes all tests and what failed; a class whose set-up fails and a part of a test count as tests."""
        suite = ElementTree.Element("testsuite")
        failed = {test.id() for test, _ in (*self.failures, *self.errors)}
        failed |= {test.id() for test in self.unexpectedSuccesses}
        for name in sorted(self.seconds.keys() | failed):
            case = ElementTree.SubElement(suite, "testcase", name=name, time=f"{self.seconds.get(name, 0):.3f}")
            if name in failed:
                ElementTree.SubElement(case, "failure")
        ElementTree.ElementTree(suite).write(file)


def main(directory: str, file: str) -> int:
    """Runs the tests; returns the exit status."""
    tests = unittest.defaultTestLoader.discover(directory)
    result = unittest.TextTestRunner(resultclass=TimedResult).run(tests)
    result.write(Path(file))
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

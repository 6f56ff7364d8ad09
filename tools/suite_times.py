"""Prints how long each suite and the slowest tests took, and how many tests passed.

Arguments: `<suite>=passed|failed=<seconds>=<JUnit file>`. Exit status 1 where a test failed, and where there is none.
"""

import sys
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

SLOWEST = 10


class Test(NamedTuple):
    """A test that ran."""

    seconds: float
    name: str
    failed: bool


def read(suite: str, file: Path) -> list[Test]:
    """The tests of a file; none where the suite came to no end that it could tell of."""
    if not file.exists():
        return []
    cases = [case for case in ElementTree.parse(file).iter("testcase") if case.find("skipped") is None]  # noqa: S314 -- ours
    return [
        Test(
            float(case.get("time", 0)),
            f"{suite} {case.get('name')}",
            case.find("failure") is not None or case.find("error") is not None,
        )
        for case in cases
    ]


def main(results: list[str]) -> int:
    """Prints it all; returns the exit status."""
    tests: list[Test] = []
    failed = 0
    print("seconds  tests  suite")
    for result in results:
        suite, end, seconds, file = result.split("=", 3)
        of_suite = read(suite, Path(file))
        tests += of_suite
        # A suite may fail before its first test, and after its last one.
        failed += max(sum(test.failed for test in of_suite), end == "failed")
        print(f"{seconds:>7}  {len(of_suite):>5}  {suite}")
    print("seconds  the slowest tests")
    for test in sorted(tests, reverse=True)[:SLOWEST]:
        print(f"{test.seconds:>7.1f}  {test.name}")
    print(f"{sum(not test.failed for test in tests)} passed, {failed} failed")
    return 1 if failed or not tests else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

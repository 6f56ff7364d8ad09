import io
import signal
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from demo import __main__ as command
from demo import summary
from demo.inventory import KINDS, QUERIES, Inventory
from demo.migration import Followed
from demo.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Demo(unittest.TestCase):
    def test_each_kind_has_its_query(self):
        files = {file.stem for file in QUERIES.glob("*.sql")}
        self.assertEqual(files, {kind.replace(" ", "_") for kind in KINDS} | {"rows"})

    def test_a_figure_that_differs_or_lacks_is_shown_and_counted(self):
        source = Inventory({"users": 2, "views": 1}, {"s.t": 1000})
        target = Inventory({"users": 2, "views": 0}, {})
        self.assertEqual(summary.differences(source, target), 2)
        self.assertEqual(summary.differences(source, source), 0)
        self.assertEqual(
            summary.comparison("Objects", source.objects, target.objects),
            [
                "Objects",
                "         source  target",
                "  users       2       2  equal",
                "  views       1       0  DIFFERENT",
            ],
        )
        self.assertEqual(summary.comparison("Rows", source.rows, target.rows)[-1], "  s.t   1,000       -  DIFFERENT")

    def test_what_was_not_carried_over_is_told_with_reason_and_remedy(self):
        notes = [{"object": "library l", "reason": "not supported", "remedy": "install it by hand"}]
        self.assertEqual(summary.not_carried_over(notes)[1], "  library l: not supported; install it by hand")
        self.assertEqual(summary.not_carried_over([]), ["Not carried over: nothing"])

    def test_report_is_told_in_short_with_its_place(self):
        told = {"status": "finished", "summary": "1 of 1 tables moved", "cost": None}
        self.assertEqual(
            summary.report(told, Path("a/report.html")), ["Report: finished: 1 of 1 tables moved", "  a/report.html"]
        )

    def test_plan_that_is_empty_before_or_not_after_and_a_side_that_differs_are_wrong(self):
        def outcome(now: int, after_data: int) -> dict:
            return {"status": "planned", "planned": {"now": now, "after_data": after_data}}

        finished, partial = {"status": "finished"}, {"status": "partial"}
        self.assertEqual(summary.wrong(outcome(102, 10), finished, outcome(0, 0), 0), [])
        self.assertEqual(
            summary.wrong(outcome(0, 0), partial, outcome(0, 1), 2),
            [
                "the plan for an empty target has no steps",
                "the migration ended as partial",
                "source and target differ in 2 figures",
                "the plan after the migration still has 1 step",
            ],
        )

    def test_execution_without_an_event_yet_is_told_with_nothing(self):
        Followed(migration=None, run="r").tell([])

    def test_error_that_nobody_thought_of_ends_in_a_line_that_names_the_logs(self):
        directory = Path(self.enterContext(tempfile.TemporaryDirectory())) / "stack"
        options = ("report", "redshift-local", "postgres", "launcher", "executables")
        words = ["demo", "--directory", str(directory), *(word for it in options for word in (f"--{it}", "x"))]
        stack = mock.Mock(start=mock.Mock(side_effect=IndexError("list index\nout of range")))
        with (
            mock.patch.object(sys, "argv", words),
            mock.patch.object(command, "Stack", return_value=stack),
            mock.patch.object(signal, "signal"),
            mock.patch.object(command, "Progress", return_value=Progress(io.StringIO())),
            self.assertRaises(SystemExit) as ended,
        ):
            command.main()
        self.assertEqual(ended.exception.code, f"demo: IndexError: list index out of range (logs: {directory})")
        self.assertIn("IndexError: list index", (directory / command.TRACEBACK).read_text())
        stack.stop.assert_called_once()

    def test_progress_is_plain_lines_unless_there_is_a_terminal(self):
        plain, terminal = io.StringIO(), Terminal()
        for out in (plain, terminal):
            Progress(out).step(3, 12, "s.t")
        self.assertEqual(plain.getvalue(), "    3/12  s.t\n")
        self.assertIn("██████░", terminal.getvalue())


if __name__ == "__main__":
    unittest.main()

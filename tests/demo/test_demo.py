import io
import unittest
from pathlib import Path

from demo import summary
from demo.inventory import KINDS, QUERIES, Inventory
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

    def test_progress_is_plain_lines_unless_there_is_a_terminal(self):
        plain, terminal = io.StringIO(), Terminal()
        for out in (plain, terminal):
            Progress(out).step(3, 12, "s.t")
        self.assertEqual(plain.getvalue(), "    3/12  s.t\n")
        self.assertIn("██████░", terminal.getvalue())


if __name__ == "__main__":
    unittest.main()

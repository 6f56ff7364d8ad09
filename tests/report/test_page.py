import unittest

from browser import PHONE, browser
from collecting import TENANT, WithReports
from run_documents import failed_step, note
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

LONGEST = "ž" * 63 + "x"
# As WCAG 2.2 asks for text of any size ("Contrast (Minimum)").
LEAST_CONTRAST = 4.5
HEADINGS = ["Table", "State", "Rows", "Size", "Files", "UNLOAD", "COPY"]
DENIALS = 20
DENIED = ("permission denied for bucket <b>acme</b>", "grant s3:PutObject to the role")
# Of each table that moved: rows, bytes, files, seconds of UNLOAD and of COPY. Each column has an order of its own, not
# that of its texts.
FIGURES = {
    f"sales.table_{number}": (
        number * 7919 % 200_003,
        number * number * 31_337,
        number % 13,
        number * 37 % 101 / 4,
        number * 53 % 997 / 2,
    )
    for number in range(1, 161)
}
FAILED = [f"sales.lost_{number}" for number in range(36)] + ["a\"b.<i>c' & d", f"{LONGEST}.{LONGEST}"]


class Page(WithReports):
    """The page of a run of some two hundred tables in which everything happened that can."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls.directory / "report.html"
        cls.file.write_text(cls().page_of_everything())
        cls.browser = cls.enterClassContext(browser())

    def page_of_everything(self):
        run, (jobs, glue_jobs) = self.new_run(), self.new_jobs()
        run.finished([])
        moved, failed = ([tuple(name.split(".", 1)) for name in names] for names in (FIGURES, FAILED))
        run.lists(moved, failed)
        for name, (rows, size, files, unload, copy) in zip(moved, FIGURES.values(), strict=True):
            run.moved(name, rows=rows, size=size, files=files, unload=unload, copy=copy)
        for number, name in enumerate(failed):
            cause = DENIED if number < DENIALS else (f"column {number} is missing", "add it")
            run.failed(name, *cause, stage="unloaded" if number % 2 else "planned")
        view = "materialized view " + LONGEST
        run.schema(
            status="partial",
            failed=[failed_step("create view", f"view v_{number}") for number in range(8)],
            skipped=[{"id": "x", "object": view, "cause": "create view v_1"}],
            not_carried_over=[note(f"user u_{number}", "no password", "set one") for number in range(40)],
            border=[note("view v", "reads " + "x" * 300, "look at it")],
        )
        mine = (run.tenant, run.run_id)
        jobs["migrate-schema"].ran(*mine, after=0, seconds=40)
        for number in range(30):
            state, error = ("FAILED", "x" * 200) if number % 9 == 0 else ("SUCCEEDED", None)
            jobs["migrate-data"].ran(*mine, after=45 + 20 * number, seconds=95, state=state, error=error)
        jobs["refresh-views"].ran(*mine, after=730, seconds=15)
        return self.tell(run, "--GLUE_JOBS", glue_jobs).page

    def names(self):
        script = "return [...document.querySelectorAll('#tables tbody tr')].filter(it => it.checkVisibility())"
        return self.browser.ask(script + ".map(it => it.cells[0].textContent)")

    def shown(self):
        return self.browser.one("#shown").text

    def test_it_asks_nobody_for_anything_and_complains_of_nothing(self):
        self.browser.open(self.file)
        self.browser.unfold()
        self.browser.one("#words").send_keys("table_1")
        self.browser.all("#tables button")[2].click()
        self.assertEqual(self.browser.complaints(), [])
        self.assertEqual(self.browser.requests(), [self.file.as_uri()])

    def test_each_column_sorts_by_its_values_and_then_the_other_way(self):
        self.browser.open(self.file)
        names = [*FIGURES, *FAILED]
        self.assertEqual(sorted(self.names()), sorted(names))
        headings = self.browser.all("#tables th")
        self.assertEqual([it.text for it in headings], HEADINGS)
        for column, heading in enumerate(headings):
            for turn in ("first", "second"):
                with self.subTest(HEADINGS[column], turn=turn):
                    heading.find_element(By.TAG_NAME, "button").click()
                    told = [it.get_attribute("aria-sort") for it in headings]
                    self.assertEqual([it for it in told if it], [told[column]])
                    down = told[column] == "descending"
                    self.assertEqual(down, (column > 1) == (turn == "first"))
                    values = [self.value(name, column) for name in self.names()]
                    self.assertEqual(values, sorted((self.value(it, column) for it in names), reverse=down))

    def value(self, name, column):
        if column == 0:
            # Numbers in a name count as numbers.
            kind, _, number = name.partition("_")
            return (kind, int(number)) if number else (name[0], 0)
        if column == 1:
            return "verified" if name in FIGURES else "failed"
        return FIGURES[name][column - 2] if name in FIGURES else -1

    def test_it_filters_by_name_and_state_and_counts(self):
        self.browser.open(self.file)
        self.assertEqual(self.shown(), "198 of 198")
        words, state = self.browser.one("#words"), self.browser.one("#state")
        words.send_keys("TABLE_15")
        self.assertEqual(self.shown(), "11 of 198")
        self.assertEqual(set(self.names()), {name for name in FIGURES if "table_15" in name})
        words.clear()
        words.send_keys("_1")
        state.send_keys("failed")
        self.assertEqual(set(self.names()), {name for name in FAILED if "_1" in name})
        self.assertEqual(self.shown(), "11 of 198")
        words.clear()
        words.send_keys("<i>C'")
        self.assertEqual(self.names(), ["a\"b.<i>c' & d"])
        state.send_keys("moved")
        self.assertEqual((self.names(), self.shown()), ([], "0 of 198"))

    def test_a_keyboard_is_enough(self):
        self.browser.open(self.file)
        self.browser.one("#words").send_keys("lost_1", Keys.TAB)
        self.assertEqual(self.browser.focused().get_attribute("id"), "state")
        self.browser.focused().send_keys(Keys.ARROW_DOWN, Keys.TAB)
        self.assertEqual(self.shown(), "11 of 198")
        self.assertEqual(self.browser.focused().text, "Table")
        self.browser.focused().send_keys(Keys.ENTER)
        self.browser.focused().send_keys(Keys.SPACE)
        self.assertEqual(self.names()[:2], ["sales.lost_19", "sales.lost_18"])

    def test_a_phone_shows_all_of_it_without_scrolling_sideways(self):
        self.browser.open(self.file, PHONE)
        self.browser.unfold()
        self.assertEqual(self.browser.ask("return document.documentElement.scrollWidth"), PHONE[0])
        outside = self.browser.ask(
            "return [...document.querySelectorAll('body *')]"
            ".filter(it => !it.closest('.scroll') && it.checkVisibility())"
            ".filter(it => it.getBoundingClientRect().right > innerWidth + 1).map(it => it.outerHTML.slice(0, 80))"
        )
        self.assertEqual(outside, [])
        self.assertEqual(len(self.names()), 198)
        self.browser.all("#tables button")[2].click()
        self.assertEqual(self.names()[0], max(FIGURES, key=lambda name: FIGURES[name][0]))

    def test_it_is_readable_by_day_and_by_night(self):
        grounds = {}
        for dark in (False, True):
            with self.subTest(dark=dark):
                self.browser.open(self.file, dark=dark)
                self.browser.unfold()
                contrast, text = self.browser.worst_contrast()
                self.assertGreaterEqual(contrast, LEAST_CONTRAST, text)
                grounds[dark] = self.browser.ask("return getComputedStyle(document.body).backgroundColor")
        self.assertEqual(grounds, {False: "rgb(245, 246, 248)", True: "rgb(19, 22, 27)"})

    def test_without_scripts_the_tables_are_there(self):
        self.browser.open(self.file, scripts=False)
        self.assertEqual(len(self.names()), 198)
        self.assertEqual(self.shown(), "")

    def test_a_cause_is_told_once_and_each_table_leads_to_its_own(self):
        self.browser.open(self.file)
        self.assertEqual(self.browser.ask("return document.body.textContent").count(DENIED[0]), 1)
        first = self.browser.one("#failures li")
        self.assertEqual(first.find_element(By.TAG_NAME, "summary").text, f"{DENIALS} tables")
        self.browser.one(".figures a").click()
        self.assertEqual(self.browser.ask("return location.hash"), "#failures")
        self.browser.one("#words").send_keys(FAILED[35])
        (link,) = [it for it in self.browser.all("#tables tr.failed a") if it.is_displayed()]
        link.click()
        cause = self.browser.one(":target")
        self.assertTrue(cause.is_displayed())
        self.assertIn("column 35 is missing", cause.text)

    def test_runs_at_the_same_time_are_seen_side_by_side(self):
        self.browser.open(self.file)
        boxes = self.browser.ask(
            "return [...document.querySelectorAll('#timeline .track i')].map(it => it.getBoundingClientRect().toJSON())"
        )
        self.assertEqual(len(boxes), 32)
        data = boxes[1:31]
        self.assertEqual(len({box["top"] for box in data}), 5)
        for number, one in enumerate(data):
            for other in data[:number]:
                same_row = one["top"] == other["top"]
                self.assertFalse(same_row and other["right"] > one["left"] + 0.5, (one, other))
        self.assertEqual([it.text for it in self.browser.all(".axis span")][:3], ["0 min", "5 min", "10 min"])
        self.assertEqual(len(self.browser.all("#timeline i.failed")), 4)
        told = [it.get_attribute("aria-label") for it in self.browser.all("#timeline .track[role=img]")]
        self.assertEqual(told[1], "Glue runs: 30, of them failed: 4")

    def test_a_plan_is_told_by_what_it_would_do(self):
        run = self.new_run()
        run.schema(
            status="planned",
            dry_run=True,
            applied=0,
            planned_by_phase={"tables": 1200, "users": 3},
            planned_after_data={"views": 1},
            to_replace=[{"schema": "s", "table": "t", "rows": 4321}],
        )
        self.open_page_of(run)
        self.assertEqual(self.browser.one(".verdict").text, "planned")
        figures = {"Steps now": "1,203", "Steps after the data": "1", "Rows to be replaced": "4,321 of 1 table"}
        self.assertEqual(self.figures(), figures)
        self.assertEqual([it.text for it in self.browser.all("#plan h3")], ["Now", "After the data"])
        self.assertEqual([it.text for it in self.browser.all("#plan li")], ["users: 3", "tables: 1,200", "views: 1"])
        self.assertIn(f"{run.folder}plan.sql", self.browser.one("#plan").text)
        self.assertEqual(self.browser.all("table"), [])

    def test_a_plan_that_is_blocked_is_shown_with_what_blocks_it(self):
        run = self.new_run()
        blocker = {"object": "table s.t", "reason": "the target holds 5 rows", "remedy": "see whose rows they are"}
        run.schema(status="blocked", dry_run=True, applied=0, planned_by_phase={"users": 3}, blockers=[blocker])
        self.open_page_of(run)
        self.assertEqual(self.browser.one(".verdict").text, "blocked")
        self.assertEqual([it.text for it in self.browser.all("#plan li")], ["users: 3"])
        self.assertIn("the target holds 5 rows", self.browser.one("#steps").text)

    def test_an_early_end_is_told_with_its_cause_and_no_empty_figures(self):
        self.open_page_of(self.new_run(), "--FAILURE", "SCHEMAS is <missing>")
        self.assertEqual(self.browser.one(".verdict").text, "failed")
        self.assertEqual(self.browser.one(".why").text, "Ended early: SCHEMAS is <missing>")
        self.assertEqual(self.figures(), {})
        self.assertEqual(self.browser.complaints(), [])

    def test_what_stopped_the_run_is_told_with_what_to_do(self):
        run = self.new_run()
        lost = {"kind": "unreachable", "message": "the target is out of reach", "remedy": "open port 5439"}
        run.schema(status="failed", applied=0, blockers=[note("masking policy p", "hides values", "detach it")])
        run.views(status="failed", applied=0, error=lost)
        self.open_page_of(run)
        told = self.browser.one("#steps").text.split("\n")
        blocker = ["migrate-schema", "masking policy p", "hides values", "detach it"]
        error = ["refresh-views", lost["message"], lost["remedy"]]
        self.assertEqual(told, ["What stopped the run", *blocker, *error])
        why = [it.text for it in self.browser.all(".why")]
        self.assertEqual(why, ["1 blocker stopped migrate-schema", "refresh-views: the target is out of reach"])

    def open_page_of(self, run, *arguments):
        file = self.directory / "other.html"
        file.write_text(self.tell(run, *arguments).page)
        self.browser.open(file)

    def figures(self):
        return dict(card.text.split("\n") for card in self.browser.all(".figures div"))

    def test_its_figures_are_those_of_the_run(self):
        self.browser.open(self.file)
        self.assertEqual(self.browser.one("h1 bdi").text, TENANT)
        self.assertEqual(self.browser.one(".verdict").text, "finished in part")
        figures = self.figures()
        rows, size, *_ = map(sum, zip(*FIGURES.values(), strict=True))
        self.assertEqual((figures["Tables moved"], figures["Tables failed"]), ("160 of 198", "38"))
        self.assertEqual((figures["Rows"], figures["Unloaded"]), (f"{rows:,}", f"{size / 1e9:.1f} GB"))
        # Without the times between the jobs.
        self.assertEqual(figures["Jobs at work"], "12 min 10 s")


if __name__ == "__main__":
    unittest.main()

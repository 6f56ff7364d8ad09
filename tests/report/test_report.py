import json
import math
import os
import signal
import threading
import time
import unittest
from dataclasses import replace

from collecting import KILLED, WithReports
from door import Door
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from run_documents import failed_step, note

# Limits for the job of the dev profile, which takes 30 MB and makes a page of 2 MB.
MANY_TABLES = 10_000
MANY_MEGABYTES = 60
MANY_PAGE_BYTES = 3_000_000
# Of a run in which tables failed: report, page, retry file and run.json.
PUTS = 4


class WithoutRequests:
    """Puts objects where moto keeps them, which takes a tenth of the time."""

    def put_object(self, **request):
        s3_backends[DEFAULT_ACCOUNT_ID]["aws"].put_object(request["Bucket"], request["Key"], request["Body"])


def names(count):
    return [("s", f"table_{number:05}") for number in range(count)]


class Report(WithReports):
    def test_all_tables_moved(self):
        run, tables = self.new_run(), names(12)
        run.schema(applied=40)
        run.views(applied=2)
        run.lists(tables[:7], tables[7:])
        for number, name in enumerate(tables):
            run.moved(name, rows=1000 * number, size=10 * number, files=2, stage="verified" if number else "loaded")
        told = self.tell(run)
        self.assertEqual(told.verdict["status"], "finished")
        self.assertEqual((told.verdict["tenant"], told.verdict["run_id"]), (run.tenant, run.run_id))
        self.assertEqual(told.verdict["summary"], "12 of 12 tables moved, 66,000 rows, 660 bytes")
        figures = {"tables": 12, "failed": 0, "rows": 66_000, "bytes": 660, "seconds": None}
        self.assertEqual({name: told.verdict[name] for name in figures}, figures)
        totals = {"tables": 12, "succeeded": 12, "failed": 0, "not_created": 0, "rows": 66_000, "files": 24}
        steps = {"bytes": 660, "steps": 42, "steps_failed": 0, "steps_skipped": 0}
        nothing = {"replaced": {"tables": 0, "rows": 0}}
        self.assertEqual(told.report["totals"], totals | steps | nothing)
        first = {"schema": "s", "table": "table_00000", "stage": "loaded", "rows": 0, "replaced": 0, "files": 2}
        seconds = {"bytes": 0, "unload_seconds": 1.5, "copy_seconds": 2.5}
        self.assertEqual(told.report["succeeded"][0], first | seconds)
        self.assertEqual((told.retry_file, told.report["failed"]), (None, []))
        self.assertIn("66,000", told.page)
        self.assertIn("table_00011", told.page)

    def test_a_fifth_of_the_tables_may_fail_and_no_more(self):
        for lost, status in ((20, "partial"), (21, "failed")):
            with self.subTest(lost):
                run, tables = self.new_run(), names(100)
                run.finished([])
                run.lists(tables[:60], tables[60:])
                for name in tables[lost:]:
                    run.moved(name)
                for name in tables[:lost]:
                    run.failed(name, stage="unloaded")
                told = self.tell(run)
                self.assertEqual((told.verdict["status"], told.report["status"]), (status, status))
                reason = f"{lost} tables failed: {lost} %, of which 20 % are tolerated"
                self.assertEqual(told.report["reasons"], [reason])
                self.assertTrue(told.verdict["summary"].endswith("; " + reason), told.verdict["summary"])
                self.assertEqual([it["table"] for it in told.report["failed"]], [table for _, table in tables[:lost]])
                self.assertEqual(told.report["totals"]["rows"], 10 * (100 - lost))
                again = [{"schema": "s", "table": table, "megabytes": 3} for _, table in tables[:lost]]
                self.assertEqual(
                    told.retry_file,
                    {"format": 1, "RETRY_RUN": run.run_id, "TENANT_NAME": run.tenant, "tables": again},
                )
                # The list without a failed table is not moved again.

    def test_who_tolerates_more_or_less_is_heard_and_strict_tolerates_nothing(self):
        run, tables = self.new_run(), names(10)
        run.finished(tables)
        run.failed(tables[0])
        for arguments, status in (
            ((), "partial"),
            (("--TOLERATED_FAILURE_PERCENTAGE", "9"), "failed"),
            (("--TOLERATED_FAILURE_PERCENTAGE", "10"), "partial"),
            (("--STRICT", "true"), "failed"),
        ):
            with self.subTest(arguments):
                self.assertEqual(self.tell(run, *arguments).verdict["status"], status)

    def test_each_failure_has_its_cause_and_what_to_do(self):
        run, (told, killed, never, lost, moved) = self.new_run(), names(5)
        run.finished([])
        run.lists([told, killed], [never], [lost, moved])
        run.failed(told, message="spectrum scan error", remedy="look at the files")
        run.failed(killed, stage="unloaded")
        document = self.read(run.folder + f"tables/s/{killed[1]}.json")
        run.put(f"tables/s/{killed[1]}.json", document | {"error": None})
        run.run_failed(3, "Command failed with exit code 3: the source could not be reached")
        run.moved(moved)
        failed = {it["table"]: (it["cause"], it["remedy"]) for it in self.tell(run).report["failed"]}
        self.assertEqual(failed[told[1]], ("spectrum scan error", "look at the files"))
        self.assertEqual(failed[killed[1]], ("its Glue run ended before the table did", "move the table again"))
        self.assertEqual(failed[never[1]], ("no Glue run has begun it", "move the table again"))
        self.assertRegex(failed[lost[1]][0], "exit code 3: the source could not be reached")
        self.assertNotIn(moved[1], failed)

    def test_a_table_that_could_not_be_created_and_a_view_count_as_what_they_are(self):
        run, tables = self.new_run(), names(4)
        run.finished(tables)
        skipped = {"id": 'create view "s"."v"', "object": 'view "s"."v"', "cause": 'create table "s"."lost"'}
        skipped |= {"step": {"create_view": {"schema": "s", "name": "v"}}}
        lost = failed_step("create table", '"s"."lost"', "tables", "encoding is not known")
        lost |= {"step": {"create_table": {"schema": "s", "name": "lost"}}}
        run.schema(status="partial", failed=[lost], skipped=[skipped], not_carried_over=[note("l", "a", "b")])
        told = self.tell(run)
        self.assertEqual(told.verdict["status"], "partial")
        totals = told.report["totals"]
        self.assertEqual((totals["tables"], totals["failed"], totals["not_created"]), (5, 1, 1))
        self.assertEqual((totals["steps_failed"], totals["steps_skipped"]), (1, 1))
        self.assertEqual(told.report["not_carried_over"], [note("l", "a", "b")])
        self.assertIn("encoding is not known", told.page)
        # Created it was not, so there is nothing that could be loaded again.
        self.assertIsNone(told.retry_file)

    def test_a_plan_alone_is_told_as_one(self):
        run = self.new_run()
        planned = {"planned_by_phase": {"users": 3, "tables": 1200}, "planned_after_data": {"views": 1}}
        rows = [{"schema": "s", "table": name, "rows": 2} for name in ("a", "b")]
        run.schema(status="planned", dry_run=True, applied=0, to_replace=rows, **planned)
        told = self.tell(run)
        self.assertEqual(told.verdict["status"], "planned")
        steps = "planned 1,204 steps: 1,203 now, 1 after the data; 4 rows of 2 tables are to be replaced"
        self.assertEqual(told.verdict["summary"], f"{steps}; nothing was changed")
        self.assertEqual(told.verdict["planned"], {"now": 1203, "after_data": 1})
        self.assertEqual(told.verdict["replaced"], {"tables": 2, "rows": 4})
        self.assertTrue(told.verdict["plan_sql"].endswith(f"{run.folder}plan.sql"))

    def test_times_and_costs_are_those_of_glue(self):
        run, (jobs, glue_jobs) = self.new_run(), self.new_jobs()
        run.finished(names(3))
        mine = (run.tenant, run.run_id)
        jobs["migrate-schema"].ran(*mine, after=0, seconds=20)
        jobs["migrate-data"].ran(*mine, after=30, seconds=7200)
        jobs["migrate-data"].ran(*mine, after=60, seconds=600, state="FAILED", error="no space")
        jobs["migrate-data"].ran(*mine, after=700, seconds=7000)
        for tenant, run_id in ((run.tenant, "another"), ("another", run.run_id)):
            jobs["migrate-data"].ran(tenant, run_id, after=0, seconds=90_000)
        told = self.tell(run, "--GLUE_JOBS", glue_jobs, "--DPU_HOUR_PRICE", "0.5")
        phases = [(it["job"], it["runs"], it["failed_runs"], it["seconds"]) for it in told.report["durations"]]
        self.assertEqual(phases, [("migrate-schema", 1, 0, 20.0), ("migrate-data", 3, 1, 7670.0)])
        # Ten seconds lie between the first two, when no job was at work.
        self.assertEqual(told.verdict["seconds"], 7690.0)
        runs = [(it["started"], it["state"], it["error"]) for it in told.report["glue_runs"]]
        self.assertEqual(len(runs), 4)
        self.assertEqual(runs[2], ("2026-03-01T22:16:00Z", "FAILED", "no space"))
        # A sixteenth of a DPU; 20 seconds are billed as a minute.
        hours = (60 + 7200 + 600 + 7000) / 3600 / 16
        self.assertTrue(math.isclose(told.report["cost"]["dpu_hours"], hours), told.report["cost"])
        self.assertTrue(math.isclose(told.report["cost"]["dollars"], hours * 0.5), told.report["cost"])

    def test_without_glue_the_report_is_there_and_says_what_it_lacks(self):
        def refuse(environ):
            if environ.get("HTTP_X_AMZ_TARGET") == "AWSGlue.GetJobRuns":
                return json.dumps({"__type": "AccessDeniedException", "Message": "not allowed"}).encode()
            return None

        with Door(before=refuse, after=lambda _: None) as door:
            for arguments, url, said in (
                ((), None, "--GLUE_JOBS is not given"),
                (("--GLUE_JOBS", "migrate-data=none"), None, "Glue job none.*correct --GLUE_JOBS"),
                (("--GLUE_JOBS", self.new_jobs()[1]), door.url, "glue:GetJobRuns"),
            ):
                with self.subTest(said):
                    run = self.new_run()
                    run.finished(names(3))
                    told = self.tell(run, *arguments, url=url)
                    self.assertEqual(told.verdict["status"], "finished")
                    self.assertEqual((told.report["cost"], told.report["glue_runs"]), (None, []))
                    (warning,) = told.report["warnings"]
                    self.assertRegex(warning, f"^how long the jobs took and what they cost is not known: .*{said}")
                    self.assertRegex(told.page, said)

    def test_names_and_messages_may_hold_anything(self):
        longest = "ž" * 63 + "x"
        odd = [
            ("<script>", "</script><script>alert(1)</script>"),
            ('a"b', "c'd & e;f"),
            ("line\nbreak", "tab\tand\r\nmore"),
            ("a.b/c\\d", "${x} {{x}} %41 .."),
            ("日本語 🛥", "\u202e&amp;"),
            (longest, longest),
        ]
        self.assertEqual(len(longest.encode()), 127)
        run = self.new_run('</title> "T" & Co')
        run.finished(odd[:3])
        run.lists(odd)
        for name in odd[3:]:
            run.failed(name, message="no column <b>\n&lt;", remedy="make <i>")
        told = self.tell(run, "--TOLERATED_FAILURE_PERCENTAGE", "50")
        listed = told.report["succeeded"] + told.report["failed"]
        self.assertEqual({(it["schema"], it["table"]) for it in listed}, set(odd))
        self.assertEqual({(it["schema"], it["table"]) for it in told.retry_file["tables"]}, set(odd[3:]))
        self.assertEqual(told.verdict["status"], "partial")
        # The page's own script is the only one, and it ends where the page does.
        self.assertEqual(told.page.count("<script"), 1)
        self.assertEqual(told.page.count("</title>"), 1)
        for markup in ("<b>", "<i>"):
            self.assertNotIn(markup + "\n", told.page)
        self.assertIn(longest, told.page)

    def test_why_a_run_ended_early_comes_as_it_was_given(self):
        for text in ("--SCHEMAS is <missing> & more", "-", "--", "first\nsecond", "--TENANT_NAME"):
            with self.subTest(text):
                run = self.new_run()
                told = self.tell(run, "--FAILURE", text)
                self.assertEqual((told.verdict["status"], told.report["ended_early"]), ("failed", text))
                self.assertTrue(told.verdict["summary"].startswith("ended early: " + text), told.verdict)
                self.assertIsNone(told.retry_file)

    def test_a_run_that_nobody_knows_is_refused_and_leaves_nothing(self):
        run = self.new_run()
        self.new_run("another tenant").finished(names(1))
        before = self.keys()
        ended = self.run_job(run)
        self.assertEqual(ended.status, 2, ended)
        self.assertRegex(ended.last_line, f"knows nothing of the run {run.run_id} .* correct --RUN_ID")
        self.assertEqual(self.keys(), before)

    def test_a_document_that_cannot_be_read_is_named_with_what_to_do(self):
        for name, content, problem in (
            ("schema.json", {"format": 2}, "has format 2, and this version reads format 1"),
            ("tables/s/table_00000.json", {"format": 1}, "does not have the fields it should"),
            ("failures/0001.json", {"tables": "x", "cause": "y"}, "does not say its format"),
        ):
            with self.subTest(name):
                run = self.new_run()
                run.finished(names(2))
                run.put(name, content)
                ended = self.run_job(run)
                self.assertEqual(ended.status, 2, ended)
                self.assertIn(f"/{name} {problem}; remove it, or start a run under a new --RUN_ID", ended.last_line)
                self.assertEqual(self.reports(run), [])
        with self.subTest("a list that is gone"):
            run = self.new_run()
            run.finished(names(2))
            self.s3.delete_object(Bucket=self.bucket, Key=run.folder + "items/0001.json")
            ended = self.run_job(run)
            self.assertEqual(ended.status, 2, ended)
            self.assertRegex(ended.last_line, "items/0001.json is not there, though tables.json names it; start a new")

    def test_a_later_report_replaces_none_and_the_verdict_is_the_newest(self):
        run, tables = self.new_run(), names(4)
        run.finished(tables)
        run.failed(tables[0])
        first = self.tell(run)
        self.wait_until(lambda: time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()) not in first.folder)
        run.moved(tables[0])
        second = self.tell(run)
        self.assertEqual([first.verdict["status"], second.verdict["status"]], ["failed", "finished"])
        self.assertNotEqual(first.folder, second.folder)
        kept = {first.folder + name for name in ("migration_report.json", "report.html", "retry_failed_tables.json")}
        kept |= {second.folder + name for name in ("migration_report.json", "report.html")}
        self.assertEqual(set(self.reports(run)), kept)
        self.assertEqual(self.read(first.folder + "migration_report.json"), first.report)

    def test_killed_at_any_put_and_started_again_it_ends_as_if_it_never_was(self):
        tables = names(10)

        def documents():
            run = self.new_run()
            run.finished(tables)
            run.failed(tables[3])
            return run

        never_killed = comparable(self.tell(documents()))
        for put in range(1, PUTS + 1):
            for answered in (False, True):
                with self.subTest(put=put, answered=answered):
                    run = documents()
                    self.assertEqual(self.killed_at(run, put, answered).status, KILLED)
                    verdict = run.folder + "run.json" in self.keys(run.folder)
                    self.assertEqual(verdict, (put, answered) == (PUTS, True))
                    if verdict:
                        self.told(run)  # whatever it names is there
                    self.assertEqual(comparable(self.tell(run)), never_killed)
        # There is no other put.
        self.assertEqual(self.killed_at(documents(), PUTS + 1, answered=False).status, 0)

    def killed_at(self, run, number, answered):
        started, puts = threading.Event(), []

        def kill():
            started.wait()
            os.kill(process.pid, signal.SIGKILL)  # who waits for it is told

        def is_the_one(environ):
            return environ["REQUEST_METHOD"] == "PUT" and len(puts) == number

        def before(environ):
            if environ["REQUEST_METHOD"] == "PUT":
                puts.append(environ["PATH_INFO"])
            if is_the_one(environ) and not answered:
                kill()
                return b""
            return None

        def after(environ):
            if is_the_one(environ) and answered:
                kill()

        with Door(before, after) as door:
            process = self.start(run, url=door.url)
            started.set()
            return self.wait(process)

    def test_ten_thousand_tables(self):
        run, tables = replace(self.new_run(), s3=WithoutRequests()), names(MANY_TABLES)
        run.finished([])
        run.lists(*(tables[at : at + 200] for at in range(0, MANY_TABLES, 200)))
        for number, name in enumerate(tables):
            if number % 100:
                run.moved(name, rows=number, size=number * 1000)
            else:
                run.failed(name)
        ended = self.run_job(run)
        self.assertEqual(ended.status, 0, ended.error)
        told = self.told(run)
        totals = told.report["totals"]
        self.assertEqual((totals["tables"], totals["succeeded"], totals["failed"]), (10_000, 9_900, 100))
        self.assertEqual(totals["rows"], sum(number for number in range(MANY_TABLES) if number % 100))
        size = len(told.page.encode())
        print(f"10,000 tables: {ended.seconds:.1f} s, {ended.megabytes:.0f} MB, page of {size:,} bytes")
        self.assertLess(ended.megabytes, MANY_MEGABYTES)
        self.assertLess(size, MANY_PAGE_BYTES)


def comparable(told):
    """What was told, without what differs from run to run: times and the run's name."""
    report = told.report | {"timestamp": None, "run_id": None, "plan_sql": None}
    retry_file = told.retry_file and told.retry_file | {"RETRY_RUN": None}
    verdict = {name: told.verdict[name] for name in ("status", "summary")}
    return report, retry_file, verdict


if __name__ == "__main__":
    unittest.main()

import contextlib
import json
import time
import unittest
import uuid
from collections.abc import Iterator
from typing import Any

from aws_local.glue import ENDED
from deployment.deployed import TABLES, DeployedTest
from deployment.executions import execute, start, wait
from deployment.transitions import children

# Those that fail in most of these tests: three of ten, which is more than is tolerated.
THREE = ("vessel", "tide", "buoy")


class Failures(DeployedTest):
    """What goes wrong, how that is told, and how the rest of the tenant moves."""

    def statuses_with(self, *failed: str) -> dict[str, str]:
        return dict.fromkeys(TABLES, "finished") | dict.fromkeys(failed, "failed")

    def test_one_table_of_ten_fails_and_moves_by_the_printed_command(self):
        self.spoil_target("vessel")
        ended = self.execute()
        self.assertEqual(ended.status, "SUCCEEDED", ended.cause)
        self.assertEqual(ended.output["status"], "partial")
        self.assertEqual(self.statuses(ended.name), self.statuses_with("vessel"))
        (failed,) = self.report(ended.name)["failed"]
        self.assertEqual((failed["schema"], failed["table"]), ("harbour", "vessel"))
        self.assertIn("surprise", failed["cause"])
        self.assertTrue(failed["remedy"])
        self.assertIn("surprise", self.text(ended.output["report"]))
        self.mend_target("vessel")
        given = {f"--{key}": value for key, value in self.input().items()}
        blanks = given | {"--RUN_ID": ended.name, "--TABLE_NAME": "harbour.vessel"}
        run = self.printed_command("RetryOneTable", **blanks)
        self.wait_for_glue_run("migrate-data", run["JobRunId"])
        self.assertEqual(self.statuses(ended.name), self.statuses_with())
        self.assert_arrived()

    def test_thirty_percent_fail_the_migration_and_the_run_goes_on_with_just_these(self):
        self.spoil_target(*THREE)
        ended = self.execute()
        self.assertEqual((ended.status, ended.error), ("FAILED", "MigrationFailed"))
        self.assertIn("7 of 10 tables moved", ended.cause)
        self.assertIn("3 tables failed: 30 %, of which 20 % are tolerated", ended.cause)
        self.assertEqual(self.statuses(ended.name), self.statuses_with(*THREE))
        # What has moved is not moved again.
        self.run_sql(self.target, "DELETE FROM harbour.tug;")
        self.mend_target(*THREE)
        started = self.printed_command("RetryFailedTables", RETRY_RUN=ended.name)
        retried = wait(self.endpoint, started["executionArn"])
        self.assertEqual(retried.status, "SUCCEEDED", retried.cause)
        self.assertEqual((retried.output["status"], retried.output["run_id"]), ("finished", ended.name))
        self.assertEqual(self.rows(self.target, "harbour.tug"), 0)
        for table in THREE:
            self.assertEqual(self.rows(self.target, f"harbour.{table}"), self.rows(self.source, f"harbour.{table}"))
        self.assertEqual(self.report(ended.name)["totals"]["succeeded"], len(TABLES))

    def test_planned_run_is_carried_out_by_going_on_with_it(self):
        self.empty_target()
        planned = self.execute(DRY_RUN=True)
        self.assertEqual(planned.output["status"], "planned")
        again = self.execute_with({"RETRY_RUN": planned.name, "DRY_RUN": True})
        self.assertEqual((again.status, again.output["status"]), ("SUCCEEDED", "planned"), again.cause)
        self.assertEqual(self.run_sql(self.target, "SELECT nspname FROM pg_namespace WHERE nspname = 'harbour';"), [])
        done = self.execute_with({"RETRY_RUN": planned.name})
        self.assertEqual((done.status, done.output["status"]), ("SUCCEEDED", "finished"), done.cause)
        self.assert_arrived()

    def test_run_that_was_stopped_goes_on(self):
        self.empty_target()
        client = self.endpoint.client("stepfunctions")
        running = start(self.endpoint, self.environment.machine, self.input())
        self.wait_for(running, "MapRunStarted")
        client.stop_execution(executionArn=running)
        stopped = wait(self.endpoint, running)
        self.assertEqual(stopped.status, "ABORTED")
        self.wait_for_glue_runs("migrate-data")
        retried = self.execute_with({"RETRY_RUN": stopped.name})
        self.assertEqual((retried.status, retried.output["status"]), ("SUCCEEDED", "finished"), retried.cause)
        self.assert_arrived()

    def test_row_that_is_refused_is_named_without_its_values(self):
        self.spoil_target()
        self.run_sql(self.target, "CREATE TABLE harbour.empty (id INT NOT NULL, note VARCHAR(40), at TIMESTAMPTZ);")
        self.run_sql(self.source, "INSERT INTO harbour.empty VALUES (NULL, 'Planted-Cell-Value');")
        self.addCleanup(self.run_sql, self.source, "DELETE FROM harbour.empty;")
        ended = self.execute()
        self.assertEqual((ended.status, ended.output["status"]), ("SUCCEEDED", "partial"), ended.cause)
        (failed,) = self.report(ended.name)["failed"]
        # Whether the value is told somewhere is looked for when all tests have ended.
        self.assertIn("load error 1213", failed["cause"])

    def test_retry_file_is_an_input_and_moves_the_tables_that_it_names(self):
        self.spoil_target(*THREE)
        ended = self.execute()
        file = json.loads(self.text(self.outcome(ended.name)["retry_file"]))
        self.assertEqual(sorted(it["table"] for it in file["tables"]), sorted(THREE))
        self.mend_target(*THREE)
        # Who edits the file moves what is left in it.
        some = file | {"tables": [it for it in file["tables"] if it["table"] != "tide"]}
        retried = self.execute_with(some)
        self.assertEqual((retried.status, retried.output["status"]), ("SUCCEEDED", "partial"), retried.cause)
        self.assertEqual(self.statuses(ended.name), self.statuses_with("tide"))
        # A retry of that retry goes on with the first run.
        again = self.execute_with({"RETRY_RUN": retried.name})
        self.assertEqual((again.status, again.output["run_id"]), ("SUCCEEDED", ended.name), again.cause)
        self.assertEqual(again.output["status"], "finished")
        self.assert_arrived()

    def test_each_item_is_a_run_of_its_own_and_one_that_fails_stops_no_other(self):
        self.spoil_target(*THREE)
        ended = self.execute()
        file = json.loads(self.text(self.outcome(ended.name)["retry_file"]))
        self.mend_target("vessel", "tide")
        retried = self.execute_with(file)
        self.assertEqual((retried.status, retried.output["status"]), ("SUCCEEDED", "partial"), retried.cause)
        self.assertEqual(self.statuses(ended.name), self.statuses_with("buoy"))
        # The first execution's run, and one for each table: a table that cannot be loaded is no reason for a second.
        self.assertEqual(self.glue_runs("migrate-data", ended.name), ["FAILED"] + ["SUCCEEDED"] * 3)
        (failure,) = self.keys(f"{self.folder(ended.name)}failures/")
        self.assertIn("harbour.buoy", json.loads(self.text(failure))["cause"])

    def test_runs_that_cannot_be_retried_are_refused_before_any_job(self):
        for given, said in (
            ({"RETRY_RUN": "nobody-knows"}, "is no execution that Step Functions remembers"),
            ({"RETRY_RUN": 7}, "RETRY_RUN is not the name of a run"),
        ):
            ended = self.execute_with(given)
            self.assertEqual((ended.status, ended.error), ("FAILED", "BadInput"))
            self.assertIn(said, ended.cause)
            self.assertNotIn("FillDefaults", ended.states)

    def test_run_that_still_runs_is_not_retried(self):
        self.empty_target()
        running = start(self.endpoint, self.environment.machine, self.input())
        name = running.split(":")[-1]
        ended = self.execute_with({"RETRY_RUN": name})
        self.assertEqual((ended.status, ended.error), ("FAILED", "BadInput"))
        self.assertIn(f"RETRY_RUN: {name} still runs", ended.cause)
        self.assertEqual(wait(self.endpoint, running).status, "SUCCEEDED")

    def test_new_migration_completes_one_that_failed(self):
        self.spoil_target(*THREE)
        self.assertEqual(self.execute().error, "MigrationFailed")
        self.mend_target(*THREE)
        ended = self.execute()
        self.assertEqual(ended.status, "SUCCEEDED", ended.cause)
        self.assert_arrived()

    def test_bad_view_costs_only_itself_and_the_report_names_it(self):
        self.empty_target()
        # A view over a table outside the tenant, which the target has under that name with other columns.
        for warehouse, column in ((self.source, "depth"), (self.target, "height")):
            self.run_sql(warehouse, f"CREATE SCHEMA sea; CREATE TABLE sea.chart ({column} INTEGER);")
            self.addCleanup(self.run_sql, warehouse, "DROP SCHEMA IF EXISTS sea CASCADE;")
        self.run_sql(self.source, "CREATE VIEW harbour.bad AS SELECT depth FROM sea.chart;")
        self.addCleanup(self.run_sql, self.source, "DROP VIEW IF EXISTS harbour.bad;")
        ended = self.execute()
        self.assertEqual((ended.status, ended.output["status"]), ("SUCCEEDED", "partial"), ended.cause)
        self.assert_arrived()
        (step,) = self.report(ended.name)["schema"]["failed"]
        self.assertIn("bad", step["object"])
        self.assertIn("depth", step["message"])
        self.assertIn(step["object"], self.text(ended.output["report"]))
        # What the schema job could not make is tried again, too.
        self.run_sql(self.source, "DROP VIEW harbour.bad;")
        retried = self.execute_with({"RETRY_RUN": ended.name})
        self.assertEqual((retried.status, retried.output["status"]), ("SUCCEEDED", "finished"), retried.cause)

    def test_schema_job_that_fails_for_good_is_started_once_and_ends_the_migration_with_its_own_words(self):
        ended = self.execute(SCHEMAS="no_such_schema")
        self.assertEqual((ended.status, ended.error), ("FAILED", "MigrationFailed"))
        self.assertIn("no_such_schema", ended.cause)
        self.assertNotIn("MigrateTables", ended.states)
        self.assertEqual(self.glue_runs("migrate-schema", ended.name), ["FAILED"])
        self.assertIn("no_such_schema", self.text(self.outcome(ended.name)["report"]))

    def test_blocker_ends_the_migration_after_one_start_of_the_schema_job(self):
        self.block()
        ended = self.execute(SCHEMAS="mole", INTERLEAVED="block")
        self.assertEqual((ended.status, ended.error), ("FAILED", "MigrationFailed"))
        self.assertIn("1 blocker", ended.cause)
        self.assertEqual(self.glue_runs("migrate-schema", ended.name), ["FAILED"])

    def test_dry_run_that_finds_a_blocker_has_done_what_it_was_to_do(self):
        self.block()
        ended = self.execute(SCHEMAS="mole", INTERLEAVED="block", DRY_RUN=True)
        self.assertEqual((ended.status, ended.output["status"]), ("SUCCEEDED", "blocked"), ended.cause)
        self.assertNotIn("MigrateTables", ended.states)
        self.assertEqual(self.glue_runs("migrate-schema", ended.name), ["SUCCEEDED"])

    def test_job_whose_warehouse_is_out_of_reach_is_started_once_more(self):
        secrets, given = self.endpoint.client("secretsmanager"), self.input(RETRY=1)
        arn = given["TARGET_SECRET_ARN"]
        secret = secrets.get_secret_value(SecretId=arn)["SecretString"]
        self.addCleanup(secrets.put_secret_value, SecretId=arn, SecretString=secret)
        # Nobody listens there.
        secrets.put_secret_value(SecretId=arn, SecretString=json.dumps(json.loads(secret) | {"port": 9}))
        ended = self.execute_with(given)
        self.assertEqual((ended.status, ended.error), ("FAILED", "MigrationFailed"))
        self.assertIn("CreateSchemaObjectsAgain", ended.states)
        self.assertEqual(self.glue_runs("migrate-schema", ended.name), ["FAILED"] * 2)

    def test_job_that_cannot_start_is_tried_until_it_can(self):
        self.empty_target()
        with self.no_runs_of("migrate-data"):
            running = start(self.endpoint, self.environment.machine, self.input())
            self.wait_for(running, "MapRunStarted")
            time.sleep(1)
        ended = wait(self.endpoint, running)
        self.assertEqual(ended.status, "SUCCEEDED", ended.cause)
        (child,) = children(self.environment.bucket, ended.history)
        history = self.endpoint.client("stepfunctions").get_execution_history(executionArn=child)["events"]
        self.assertIn("ConcurrentRunsExceeded", json.dumps(history, default=str))
        self.assert_arrived()

    def test_job_that_never_starts_is_reported(self):
        self.empty_target()
        client = self.endpoint.client("stepfunctions")
        machine = client.describe_state_machine(stateMachineArn=self.environment.machine)
        # As it is, but that it gives up after two tries instead of ten, which take an hour.
        definition = machine["definition"].replace('"MaxAttempts":10', '"MaxAttempts":2')
        self.assertNotEqual(definition, machine["definition"])
        impatient = client.create_state_machine(
            name=f"impatient-{uuid.uuid4()}", definition=definition, roleArn=machine["roleArn"]
        )["stateMachineArn"]
        self.addCleanup(client.delete_state_machine, stateMachineArn=impatient)
        with self.no_runs_of("migrate-data"):
            ended = execute(self.endpoint, impatient, self.input())
        self.assertEqual((ended.status, ended.error), ("FAILED", "MigrationFailed"))
        causes = {it["cause"] for it in self.report(ended.name)["failed"]}
        self.assertEqual(len(causes), 1)
        self.assertIn("ConcurrentRunsExceeded", causes.pop())
        # Materialized views are made all the same.
        self.assertIn("RefreshMaterializedViews", ended.states)

    # --- Means

    def block(self) -> None:
        """A schema on the source that Serverless cannot have, where interleaved sort keys are to stop a run."""
        self.run_sql(
            self.source,
            "CREATE SCHEMA mole; CREATE TABLE mole.stone (weight INT, laid DATE) INTERLEAVED SORTKEY (weight, laid);",
        )
        self.addCleanup(self.run_sql, self.source, "DROP SCHEMA mole CASCADE;")

    @contextlib.contextmanager
    def no_runs_of(self, job: str) -> Iterator[None]:
        """As if all runs that the account may have were taken."""
        glue, name = self.endpoint.client("glue"), self.glue_job(job)
        current = glue.get_job(JobName=name)["Job"]
        changed = {key: current[key] for key in ("Role", "Command", "DefaultArguments", "NonOverridableArguments")}
        glue.update_job(JobName=name, JobUpdate=changed | {"ExecutionProperty": {"MaxConcurrentRuns": 0}})
        try:
            yield
        finally:
            glue.update_job(JobName=name, JobUpdate=changed | {"ExecutionProperty": current["ExecutionProperty"]})

    def wait_for(self, arn: str, event: str) -> None:
        """Until an execution has come there."""
        client = self.endpoint.client("stepfunctions")
        deadline = time.monotonic() + 60
        while event not in {it["type"] for it in client.get_execution_history(executionArn=arn)["events"]}:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)

    def wait_for_glue_runs(self, job: str) -> None:
        """Until none is under way: those of an execution that is stopped go on."""
        glue, name = self.endpoint.client("glue"), self.glue_job(job)
        deadline = time.monotonic() + 60
        while {run["JobRunState"] for run in glue.get_job_runs(JobName=name)["JobRuns"]} - ENDED:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)

    def outcome(self, run: str) -> dict[str, Any]:
        return json.loads(self.text(f"{self.folder(run)}run.json"))


if __name__ == "__main__":
    unittest.main()

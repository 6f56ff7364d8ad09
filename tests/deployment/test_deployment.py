import contextlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aws_local.glue import ENDED
from aws_local.provision import JOBS
from demo.psql import Psql
from deployment.environment import create_network, deploy_environment, environment_of, make_dist, synthesize
from deployment.executions import Ended, execute
from local_stack.stack import Programs, Stack

ROOT = Path(__file__).parents[2]
TENANT = "O'Hara & Søn (2.)"
TENANT_SEGMENT = "O%27Hara%20%26%20S%C3%B8n%20%282%2E%29"
OTHERS = ("berth", "call", 'pilot\'s "log"', "tide")


class Deployed(unittest.TestCase):
    """The synthesized template on aws-local, with real jobs between two redshift-local warehouses."""

    @classmethod
    def setUpClass(cls):
        cls.directory = Path(tempfile.mkdtemp(dir=os.environ.get("TMPDIR")))
        cls.directory.chmod(0o755)
        cls.addClassCleanup(shutil.rmtree, cls.directory)
        executables = Path(os.environ["EXECUTABLES"])
        launcher = ROOT / "jobs/launcher/launch.py"
        programs = Programs(
            Path(os.environ["REDSHIFT_LOCAL"]), Path(os.environ["REDSHIFT_LOCAL_POSTGRES"]), launcher, executables
        )
        stack = Stack(cls.directory / "stack")
        cls.addClassCleanup(stack.stop)
        cls.stack = stack.start(programs, "unused")
        cls.endpoint = cls.stack.endpoint
        cls.source, cls.target = (Psql(it, cls.stack.ca) for it in (cls.stack.source, cls.stack.target))
        cls.network = create_network(cls.endpoint)
        dist = make_dist(cls.directory / "dist", launcher, executables, JOBS)
        cls.content = environment_of(cls.stack, cls.network)
        cls.assembly = synthesize(cls.directory, "local", cls.content, dist)
        cls.deployed = deploy_environment(cls.stack, cls.assembly, "local")
        cls.machine = cls.deployed.outputs["StateMachineArn"]
        cls.bucket = cls.deployed.outputs["DataBucket"].removeprefix("s3://")
        cls.source.run(Path(__file__).with_name("source.sql"))

    def run_sql(self, warehouse: Psql, text: str) -> list[list[str]]:
        file = self.directory / "statement.sql"
        file.write_text(text)
        return warehouse.run(file)

    def input(self, **more: object) -> dict[str, object]:
        deployment = self.stack.deployment
        return {
            "TENANT_NAME": TENANT,
            "SCHEMAS": "harbour",
            "SOURCE_SECRET_ARN": deployment.source_secret_arn,
            "TARGET_SECRET_ARN": deployment.target_secret_arn,
        } | more

    def execute(self, **more: object) -> Ended:
        return execute(self.endpoint, self.machine, self.input(**more))

    def keys(self, prefix: str) -> list[str]:
        pages = self.endpoint.client("s3").get_paginator("list_objects_v2")
        return [
            it["Key"] for page in pages.paginate(Bucket=self.bucket, Prefix=prefix) for it in page.get("Contents", [])
        ]

    def rows(self, warehouse: Psql, table: str) -> int:
        return int(self.run_sql(warehouse, f"SELECT COUNT(*) FROM {table};")[0][0])

    def empty_target(self) -> None:
        with contextlib.suppress(Exception):
            self.run_sql(self.target, "DROP SCHEMA harbour CASCADE;")

    def test_template_is_clean_by_cfn_lint(self):
        template = self.assembly / f"{self.deployed.name}.template.json"
        lint = [Path(sys.executable).with_name("cfn-lint"), template]
        checked = subprocess.run(lint, capture_output=True, text=True, check=False)
        self.assertEqual((checked.returncode, checked.stdout), (0, ""), checked.stderr)

    def test_bad_input_ends_in_the_first_state_with_all_that_is_wrong(self):
        ended = execute(self.endpoint, self.machine, {"SCHEMAS": "", "TARGET_SECRET_ARN": "arn:other", "TABLES": 1})
        self.assertEqual((ended.status, ended.error), ("FAILED", "BadInput"))
        self.assertEqual(ended.states, ["CheckInput", "RefuseInput"])
        for said in (
            "unknown: TABLES",
            "TENANT_NAME is missing",
            "SCHEMAS is missing or no text",
            "SOURCE_SECRET_ARN is missing",
            "TARGET_SECRET_ARN is none of this environment's secrets",
        ):
            self.assertIn(said, ended.cause)

    def test_dry_run_stops_after_the_plan(self):
        self.empty_target()
        ended = self.execute(DRY_RUN=True)
        self.assertEqual(ended.status, "SUCCEEDED", ended.cause)
        self.assertEqual(ended.states[-1], "Planned")
        folder = f"runs/{TENANT_SEGMENT}/{ended.name}/"
        self.assertEqual(ended.output, {"ledger": folder, "schema": "planned"})
        self.assertIn(f"{folder}plan.sql", self.keys(folder))
        self.assertEqual(self.run_sql(self.target, "SELECT nspname FROM pg_namespace WHERE nspname = 'harbour';"), [])

    def test_whole_tenant_arrives(self):
        self.empty_target()
        ended = self.execute()
        self.assertEqual(ended.status, "SUCCEEDED", ended.cause)
        self.assertEqual({ended.output[part] for part in ("schema", "tables", "views")}, {"finished"})
        self.assert_arrived()
        self.assertEqual(self.keys("unload/"), [])
        self.assert_discreet(ended)

    def test_failed_table_fails_the_migration_and_moves_by_the_printed_command(self):
        self.prepare_target("vessel")
        ended = self.execute()
        self.assertEqual((ended.status, ended.error), ("FAILED", "TooManyTablesFailed"))
        self.assertIn("ExceedToleratedFailureThreshold", ended.cause)
        folder = f"runs/{TENANT_SEGMENT}/{ended.name}/"
        self.assertIn(folder, ended.cause)
        self.assertEqual(self.statuses(folder), {"vessel": "failed"} | dict.fromkeys(OTHERS, "finished"))
        self.assertEqual(self.rows(self.target, "harbour.call"), 3)
        self.run_sql(self.target, "ALTER TABLE harbour.vessel DROP COLUMN surprise;")
        run = self.printed_command("RetryOneTable", {"--RUN_ID": ended.name, "--TABLE_NAME": "harbour.vessel"})
        self.wait_for_glue_run(run["JobRunId"])
        self.assertEqual(self.statuses(folder), dict.fromkeys(("vessel", *OTHERS), "finished"))

    def test_new_migration_completes_one_that_failed(self):
        self.prepare_target("vessel", "tide")
        self.assertEqual(self.execute().error, "TooManyTablesFailed")
        for table in ("vessel", "tide"):
            self.run_sql(self.target, f"ALTER TABLE harbour.{table} DROP COLUMN surprise;")
        ended = self.execute()
        self.assertEqual(ended.status, "SUCCEEDED", ended.cause)
        self.assert_arrived()

    def test_two_tenants_migrate_at_once(self):
        self.empty_target()
        inputs = [self.input(), self.input(TENANT_NAME="lighthouse", SCHEMAS="quay")]
        with ThreadPoolExecutor() as pool:
            both = list(pool.map(lambda given: execute(self.endpoint, self.machine, given), inputs))
        self.assertEqual([ended.status for ended in both], ["SUCCEEDED"] * 2, [ended.cause for ended in both])
        self.assert_arrived()
        self.assertEqual(self.rows(self.target, "quay.crane"), 2)
        self.assertTrue(self.keys(f"runs/lighthouse/{both[1].name}/"))

    def test_schema_job_that_fails_is_tried_again_and_ends_the_migration_with_its_own_words(self):
        ended = self.execute(SCHEMAS="no_such_schema")
        self.assertEqual((ended.status, ended.error), ("FAILED", "SchemaFailed"))
        self.assertIn("no_such_schema", ended.cause)
        self.assertNotIn("MigrateTables", ended.states)
        self.assertEqual(sum(event["type"] == "TaskFailed" for event in ended.history), 2)

    def test_another_environment_shares_the_endpoints_and_leaves_only_its_data(self):
        ec2 = self.endpoint.client("ec2")
        assembly = synthesize(self.directory, "other", self.content, self.directory / "dist")
        before = self.endpoints()
        other = deploy_environment(self.stack, assembly, "other")
        joined = self.endpoints()
        self.assertEqual(joined.keys(), before.keys())
        self.assertEqual([len(uses) for uses in joined.values()], [2] * len(before))
        self.endpoint.client("cloudformation").delete_stack(StackName=other.name)
        self.assertEqual(self.endpoints(), before)
        endpoints = ec2.describe_vpc_endpoints()["VpcEndpoints"]
        groups = {group["GroupId"] for it in endpoints for group in it.get("Groups", [])}
        self.assertEqual(len(groups), 1)
        buckets = {bucket["Name"] for bucket in self.endpoint.client("s3").list_buckets()["Buckets"]}
        self.assertIn(other.outputs["DataBucket"].removeprefix("s3://"), buckets)
        self.assertEqual(len(self.endpoint.client("stepfunctions").list_state_machines()["stateMachines"]), 1)

    def endpoints(self) -> dict[str, list[str]]:
        """The stacks that use each endpoint that is there."""
        found = self.endpoint.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
        uses = {it["VpcEndpointId"]: [tag["Key"] for tag in it["Tags"] if ":use:" in tag["Key"]] for it in found}
        return {it["VpcEndpointId"]: uses[it["VpcEndpointId"]] for it in found if it["State"] == "available"}

    def prepare_target(self, *tables: str) -> None:
        """An earlier migration, after which somebody gave these tables a column that the source does not have."""
        self.empty_target()
        columns = {"vessel": "id INT NOT NULL, name VARCHAR(40)", "tide": "at TIMESTAMP NOT NULL, metres DECIMAL(5, 2)"}
        self.run_sql(self.target, "CREATE SCHEMA harbour;")
        for table in tables:
            self.run_sql(self.target, f"CREATE TABLE harbour.{table} ({columns[table]}, surprise INT NOT NULL);")

    def statuses(self, folder: str) -> dict[str, str]:
        """What the ledger says of each table."""
        s3 = self.endpoint.client("s3")
        keys = self.keys(f"{folder}tables/")
        documents = [json.loads(s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()) for key in keys]
        return {document["table"]: document["status"] for document in documents}

    def printed_command(self, output: str, arguments: dict[str, str]) -> dict[str, str]:
        """Runs a command of the stack's outputs with the aws CLI, its blanks filled in."""
        command = self.deployed.outputs[output]
        place = command.index("'{")
        given = {f"--{key}": value for key, value in self.input().items()}
        blanks = json.loads(command[place + 1 : -1])
        filled = {key: (given | arguments)[key] for key in blanks}
        ended = subprocess.run(
            ["bash", "-c", command[:place] + shlex.quote(json.dumps(filled))],
            env={"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"} | self.endpoint.environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(ended.stdout)

    def wait_for_glue_run(self, run_id: str) -> None:
        glue = self.endpoint.client("glue")
        jobs = [job["Name"] for job in glue.get_jobs()["Jobs"] if "migratedata" in job["Name"]]
        deadline = time.monotonic() + 60
        while (run := glue.get_job_run(JobName=jobs[0], RunId=run_id)["JobRun"])["JobRunState"] not in ENDED:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)
        self.assertEqual(run["JobRunState"], "SUCCEEDED", run.get("ErrorMessage"))

    def assert_arrived(self) -> None:
        for table in ("berth", "vessel", "call", '"pilot\'s ""log"""', "tide", "calls_by_berth", "busy"):
            name = f"harbour.{table}"
            self.assertEqual(self.rows(self.target, name), self.rows(self.source, name), name)

    def assert_discreet(self, ended: Ended) -> None:
        """No password and no cell value in the history, in the ledger and in the logs of the jobs."""
        planted = ("Planted-Cell-Value", self.stack.source.password, self.stack.target.password)
        s3 = self.endpoint.client("s3")
        texts = {"history": json.dumps(ended.history, default=str)}
        for key in self.keys("runs/"):
            texts[key] = s3.get_object(Bucket=self.bucket, Key=key)["Body"].read().decode()
        for log in (self.directory / "stack" / "runs").rglob("*.log"):
            texts[str(log)] = log.read_text()
        self.assertGreater(len(texts), 15)
        for place, text in texts.items():
            for secret in planted:
                self.assertNotIn(secret, text, place)


if __name__ == "__main__":
    unittest.main()

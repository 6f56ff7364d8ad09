"""The synthesized template on aws-local, with real jobs between two redshift-local warehouses, deployed once."""

import atexit
import contextlib
import functools
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any

from aws_local.assembly import DeployedStack
from aws_local.glue import ENDED
from aws_local.provision import JOBS
from local_stack.psql import Psql, PsqlError
from local_stack.stack import Description, Programs, Stack

from deployment.data_bucket import DataBucket
from deployment.environment import create_network, deploy_environment, environment_of, make_dist, synthesize
from deployment.executions import Ended, execute
from deployment.transitions import children

ROOT = Path(__file__).parents[3]
SOURCE = Path(__file__).parents[1] / "source.sql"
TENANT = "O'Hara & Søn (2.)"
TENANT_SEGMENT = "O!27Hara!20!26!20S!C3!B8n!20!282!2E!29"
VIEWS = ("busy", "calls_by_berth")
# The tables of the tenant; of those that tests spoil, what an earlier migration gives them.
SPOILED = {
    "vessel": "id INT NOT NULL, name VARCHAR(40), PRIMARY KEY (id)",
    "tide": "at TIMESTAMP NOT NULL, metres DECIMAL(5, 2)",
    "buoy": "id INT NOT NULL, colour VARCHAR(10)",
}
TABLES = (*SPOILED, "berth", "call", 'pilot\'s "log"', "tug", "warehouse", "weather", "empty")


@functools.cache
class Environment:
    """An environment that was deployed, and what reaches into it."""

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(dir=os.environ.get("TMPDIR")))
        self.directory.chmod(0o755)
        atexit.register(shutil.rmtree, self.directory)
        executables = Path(os.environ["EXECUTABLES"])
        launcher = ROOT / "jobs/launcher/launch.py"
        programs = Programs(
            Path(os.environ["REDSHIFT_LOCAL"]), Path(os.environ["REDSHIFT_LOCAL_POSTGRES"]), launcher, executables
        )
        stack = Stack(self.directory / "stack")
        atexit.register(stack.stop)
        self.stack: Description = stack.start(programs, "unused")
        self.endpoint = self.stack.endpoint
        self.source, self.target = (Psql(it, self.stack.ca) for it in (self.stack.source, self.stack.target))
        self.dist = make_dist(self.directory / "dist", launcher, executables, JOBS)
        self.content = environment_of(self.stack, create_network(self.endpoint))
        self.assembly = synthesize(self.directory, "local", self.content, self.dist)
        self.deployed: DeployedStack = deploy_environment(self.stack, self.assembly, "local")
        self.machine = self.deployed.outputs["StateMachineArn"]
        self.bucket = DataBucket(self.endpoint, self.deployed.outputs["DataBucket"].removeprefix("s3://"))
        self.source.run(SOURCE)


class DeployedTest(unittest.TestCase):
    """A test of executions."""

    @classmethod
    def setUpClass(cls) -> None:
        """Finds the deployment, which is made when the first asks for it."""
        cls.environment = Environment()
        cls.endpoint = cls.environment.endpoint
        cls.source, cls.target = cls.environment.source, cls.environment.target

    @classmethod
    def tearDownClass(cls) -> None:
        """No password and no cell value is in histories, ledger, reports and logs of the jobs, whatever happened."""
        environment, client = cls.environment, cls.endpoint.client("stepfunctions")
        planted = ("Planted-Cell-Value", environment.stack.source.password, environment.stack.target.password)
        texts = {key: cls.text(key) for prefix in ("runs/", "migration-reports/") for key in cls.keys(prefix)}
        for log in (environment.directory / "stack" / "runs").rglob("*.log"):
            texts[str(log)] = log.read_text()
        for execution in client.list_executions(stateMachineArn=environment.machine)["executions"]:
            history = client.get_execution_history(executionArn=execution["executionArn"], maxResults=1000)["events"]
            texts[execution["name"]] = json.dumps(history, default=str)
            for child in children(environment.bucket, history):
                texts[child] = json.dumps(client.get_execution_history(executionArn=child), default=str)
        found = [place for place, text in texts.items() if any(secret in text for secret in planted)]
        if found or not texts:
            raise AssertionError(f"of {len(texts)} texts these tell what they must not: {found}")

    def input(self, **more: object) -> dict[str, object]:
        """The input of an execution."""
        deployment = self.environment.stack.deployment
        return {
            "TENANT_NAME": TENANT,
            "SCHEMAS": "harbour",
            "SOURCE_SECRET_ARN": deployment.source_secret_arn,
            "TARGET_SECRET_ARN": deployment.target_secret_arn,
        } | more

    def execute(self, **more: object) -> Ended:
        """A migration of the tenant, to its end."""
        return self.execute_with(self.input(**more))

    def execute_with(self, given: object) -> Ended:
        """An execution with this very input, to its end."""
        return execute(self.endpoint, self.environment.machine, given)

    # --- What lies in the bucket --------------------------------------------------------------------------------------

    @classmethod
    def keys(cls, prefix: str) -> list[str]:
        """The keys that begin so."""
        return cls.environment.bucket.keys(prefix)

    @classmethod
    def text(cls, key: str) -> str:
        """An object, by its key or its URI."""
        return cls.environment.bucket.read(key).decode()

    def report(self, run: str) -> dict[str, Any]:
        """The report that a run ended with, by what the ledger says of it."""
        bucket = self.environment.bucket
        return bucket.report(bucket.document(f"{self.folder(run)}run.json"))

    def folder(self, run: str) -> str:
        """The folder of a run's documents."""
        return f"runs/{TENANT_SEGMENT}/{run}/"

    def statuses(self, run: str) -> dict[str, str]:
        """What the ledger says of each table."""
        documents = [json.loads(self.text(key)) for key in self.keys(f"{self.folder(run)}tables/")]
        return {document["table"]: document["status"] for document in documents}

    # --- What is in the warehouses ------------------------------------------------------------------------------------

    def run_sql(self, warehouse: Psql, text: str) -> list[list[str]]:
        """Runs statements; returns the rows of queries."""
        file = self.environment.directory / "statement.sql"
        file.write_text(text)
        return warehouse.run(file)

    def rows(self, warehouse: Psql, table: str) -> int:
        """How many there are."""
        return int(self.run_sql(warehouse, f"SELECT COUNT(*) FROM {table};")[0][0])  # noqa: S608 -- names of ours

    def empty_target(self) -> None:
        """A target that knows nothing of the tenant."""
        with contextlib.suppress(PsqlError):
            self.run_sql(self.target, "DROP SCHEMA harbour CASCADE;")

    def spoil_target(self, *tables: str) -> None:
        """An earlier migration, after which somebody gave these tables a column that the source does not have."""
        self.empty_target()
        self.run_sql(self.target, "CREATE SCHEMA harbour;")
        for table in tables:
            self.run_sql(self.target, f"CREATE TABLE harbour.{table} ({SPOILED[table]}, surprise INT NOT NULL);")

    def mend_target(self, *tables: str) -> None:
        """The column is gone."""
        for table in tables:
            self.run_sql(self.target, f"ALTER TABLE harbour.{table} DROP COLUMN surprise;")

    def assert_arrived(self) -> None:
        """All rows are there, by what both warehouses say."""
        for table in (*TABLES, *VIEWS):
            name = 'harbour."' + table.replace('"', '""') + '"'
            self.assertEqual(self.rows(self.target, name), self.rows(self.source, name), name)

    # --- What an operator does ----------------------------------------------------------------------------------------

    def printed_command(self, output: str, **blanks: object) -> dict[str, Any]:
        """Runs a command of the stack's outputs with the aws CLI, the blanks of its JSON filled in."""
        command = self.environment.deployed.outputs[output]
        place = command.find("'{")
        if place >= 0:
            asked = json.loads(command[place + 1 : -1])
            command = command[:place] + shlex.quote(json.dumps({key: blanks[key] for key in asked}))
        ended = subprocess.run(
            ["bash", "-c", command],
            env={"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"} | self.endpoint.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(ended.returncode, 0, f"{command}: {ended.stderr}")
        return json.loads(ended.stdout)

    def glue_job(self, name: str) -> str:
        """What a job is called in Glue."""
        jobs = [job["Name"] for job in self.endpoint.client("glue").get_jobs()["Jobs"]]
        (found,) = [job for job in jobs if name.replace("-", "") in job]
        return found

    def run_by_hand(self, job: str, **given: object) -> dict[str, Any]:
        """A run of a job as `aws glue start-job-run` starts it, once it has ended."""
        arguments = {f"--{name}": str(value) for name, value in given.items()}
        started = self.endpoint.client("glue").start_job_run(JobName=self.glue_job(job), Arguments=arguments)
        return self.ended_glue_run(job, started["JobRunId"])

    def wait_for_glue_run(self, job: str, run_id: str) -> None:
        """Waits for its good end."""
        run = self.ended_glue_run(job, run_id)
        self.assertEqual(run["JobRunState"], "SUCCEEDED", run.get("ErrorMessage"))

    def ended_glue_run(self, job: str, run_id: str) -> dict[str, Any]:
        """Waits for its end, whatever it is."""
        glue, name = self.endpoint.client("glue"), self.glue_job(job)
        deadline = time.monotonic() + 60
        while (run := glue.get_job_run(JobName=name, RunId=run_id)["JobRun"])["JobRunState"] not in ENDED:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)
        return run

    def glue_runs(self, job: str, run: str) -> list[str]:
        """How the Glue runs of a job ended that a run's report tells of."""
        return sorted(it["state"] for it in self.report(run)["glue_runs"] if it["job"] == job)

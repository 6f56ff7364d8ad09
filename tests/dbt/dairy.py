"""A tenant whose schemas dbt builds: its warehouses, its names, dbt's command line and the jobs that move it."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from aws_local.provision import Deployment, Warehouse
from local_stack.psql import Psql
from local_stack.stack import Description

HERE = Path(__file__).parent
EXECUTABLES = Path(os.environ["EXECUTABLES"])
DBT = os.environ["DBT"]


class DairyError(Exception):
    """dbt or a job failed; the text is what it said."""


@dataclass(frozen=True)
class Side:
    """One of the two warehouses, with the secret that the jobs log in with."""

    warehouse: Warehouse
    secret: str


@dataclass(frozen=True)
class Dairy:
    """A tenant and where it goes. All its names begin with its own, so that two tenants may share warehouses."""

    name: str
    stack: Description
    source: Side
    target: Side
    directory: Path
    password: str

    @property
    def schemas(self) -> tuple[str, ...]:
        """What the loader and dbt made."""
        return (self.name, *(f"{self.name}_{it}" for it in ("raw", "marts", "snapshots", "dbt_test__audit")))

    @cached_property
    def names(self) -> dict[str, str]:
        """The names that the SQL and the project of this directory leave open."""
        return {
            "builder": f"{self.name}_builder",
            "reader": f"{self.name}_reader",
            "readers": f"{self.name}_readers",
            "raw": f"{self.name}_raw",
        }

    def psql(self, side: Side) -> Psql:
        """A superuser's psql."""
        return Psql(side.warehouse, self.stack.ca)

    def load(self) -> None:
        """Makes users, group and raw tables on the source."""
        warehouse = self.source.warehouse
        self.psql(self.source).run(HERE / "raw.sql", **self.names, password=self.password, database=warehouse.database)

    def dbt(self, side: Side, *words: str) -> "Built":
        """Runs dbt as its user on one side; an error or a failed test is an error."""
        target = self.directory / f"dbt-{self.name}-{side.warehouse.database}"
        warehouse = side.warehouse
        environment = {
            "PATH": os.defpath,
            "HOME": str(self.directory),
            "SSL_CERT_FILE": str(self.stack.ca),
            "REDSHIFT_HOST": warehouse.host,
            "REDSHIFT_PORT": str(warehouse.port),
            "REDSHIFT_DATABASE": warehouse.database,
            "REDSHIFT_USER": self.names["builder"],
            "REDSHIFT_PASSWORD": self.password,
            "DAIRY_SCHEMA": self.name,
            "DAIRY_READER": self.names["reader"],
            "DAIRY_GROUP": self.names["readers"],
            "DBT_PROFILES_DIR": str(HERE / "project"),
            "DBT_PROJECT_DIR": str(HERE / "project"),
            "DBT_TARGET_PATH": str(target),
            "DBT_LOG_PATH": str(target),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DBT_VERSION_CHECK": "false",
            "DBT_WARN_ERROR": "true",
        }
        ended = subprocess.run(
            [DBT, *words], env=environment, cwd=self.directory, capture_output=True, text=True, check=False
        )
        if ended.returncode:
            raise DairyError(f"dbt {' '.join(words)} on {warehouse.database}:\n{ended.stdout}{ended.stderr}")
        return Built(target)

    def migrate(self, run: str) -> None:
        """Moves the tenant as the state machine does, without the machine."""
        self.job("migrate-schema", run, ALLOWED_IAM_ROLES=self.deployment.iam_role)
        for item in self.ledger(run, "tables.json"):
            self.job("migrate-data", run, TABLES=item["tables"])
        self.job("refresh-views", run)

    @property
    def deployment(self) -> Deployment:
        """Bucket and role."""
        return self.stack.deployment

    def job(self, name: str, run: str, **more: str) -> None:
        """Runs a job's executable; with --STRICT whatever fails is an error."""
        given = {
            "TENANT_NAME": self.name,
            "SCHEMAS": ",".join(self.schemas),
            "S3_BUCKET": self.deployment.s3_bucket,
            "IAM_ROLE": self.deployment.iam_role,
            "SOURCE_SECRET_ARN": self.source.secret,
            "TARGET_SECRET_ARN": self.target.secret,
            "AWS_REGION": self.deployment.region,
            "RUN_ID": run,
        } | more
        words = [str(EXECUTABLES / name), "--STRICT", *(f"--{key}={value}" for key, value in given.items())]
        environment = {"SSL_CERT_FILE": str(self.stack.ca)} | self.stack.endpoint.environment()
        ended = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise DairyError(f"{name}:\n{ended.stdout}{ended.stderr}")

    def ledger(self, run: str, document: str) -> Any:
        """A document of a run."""
        bucket, _, prefix = self.deployment.s3_bucket.removeprefix("s3://").partition("/")
        key = f"{prefix}/runs/{self.name}/{run}/{document}"
        return json.loads(self.stack.endpoint.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())


@dataclass(frozen=True)
class Built:
    """What dbt wrote of its last command."""

    target: Path

    def results(self) -> dict[str, str]:
        """The status of each node."""
        return {it["unique_id"]: it["status"] for it in self._read("run_results.json")["results"]}

    def catalog(self) -> dict[str, Any]:
        """The relations and their columns, as `dbt docs generate` found them."""
        read = self._read("catalog.json")
        return {key: it for kind in ("nodes", "sources") for key, it in read[kind].items()}

    def _read(self, name: str) -> Any:
        return json.loads((self.target / name).read_text())


def dairies(stack: Description, directory: Path, password: str) -> Iterator[Dairy]:
    """One tenant in each direction between the warehouses of a stack."""
    deployment = stack.deployment
    provisioned = Side(stack.source, deployment.source_secret_arn)
    serverless = Side(stack.target, deployment.target_secret_arn)
    yield Dairy("north", stack, provisioned, serverless, directory, password)
    yield Dairy("south", stack, serverless, provisioned, directory, password)

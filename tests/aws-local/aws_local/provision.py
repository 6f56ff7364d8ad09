"""Puts into the endpoint what a deployment of the project creates on AWS.

That is: buckets, launcher and executables, secrets, roles, the two warehouses by name, the Glue jobs.
Several deployments stand side by side in one endpoint, told apart by their prefix.
"""

import hashlib
import json
import secrets
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aws_local.endpoint import Endpoint
from aws_local.redshift_serverless import NAMESPACE_ID_TAG

JOBS = ("migrate-schema", "migrate-data", "refresh-views", "collect-report")
# Those whose runs the report tells of.
REPORTED = JOBS[:-1]
# What each of them takes.
ARGUMENTS = Path(__file__).parents[3] / "jobs/arguments/arguments.json"
# Every key that the jobs write lies below this prefix of the data bucket.
DATA_PREFIX = "migration"
MAX_CONCURRENT_RUNS = 10


@dataclass(frozen=True)
class Warehouse:
    """Where a warehouse listens and who logs in."""

    host: str
    port: int
    database: str
    username: str
    password: str
    namespace_id: str | None = None  # what it answers for CURRENT_NAMESPACE; one is made up when left out

    def __repr__(self) -> str:
        """The warehouse without its password."""
        return f"Warehouse({self.username}@{self.host}:{self.port}/{self.database})"


@dataclass(frozen=True)
class Request:
    """What to deploy; the fields of the JSON that `python -m aws_local provision` reads."""

    prefix: str  # begins every name: lower case letters, digits and hyphens, or nothing
    region: str
    tenant: str
    launcher: Path  # launch.py
    executables: Path  # the directory that holds one executable for each of JOBS
    source: Warehouse  # deployed as a provisioned cluster
    target: Warehouse  # deployed as a Serverless workgroup

    @classmethod
    def from_json(cls, text: str) -> "Request":
        """Reads the request; a field that is missing or unknown is an error that names it."""
        fields = json.loads(text)
        for side in ("source", "target"):
            fields[side] = Warehouse(**fields[side])
        for path in ("launcher", "executables"):
            fields[path] = Path(fields[path])
        return cls(**fields)


@dataclass(frozen=True)
class Deployment:
    """What was deployed; the fields of the JSON that `python -m aws_local provision` prints; none is a secret."""

    region: str
    tenant: str
    data_bucket: str
    artifact_bucket: str
    s3_bucket: str  # the jobs' --S3_BUCKET
    iam_role: str  # the jobs' --IAM_ROLE, which the warehouses assume to reach S3
    source_secret_arn: str
    target_secret_arn: str
    cluster_identifier: str
    namespace: str
    workgroup: str
    source_namespace: str  # the ids of the two warehouses' namespaces
    target_namespace: str
    jobs: dict[str, str]  # the Glue job of each executable

    def to_json(self) -> str:
        """The deployment as indented JSON."""
        return json.dumps(asdict(self), indent=2)


def provision(endpoint: Endpoint, request: Request) -> Deployment:
    """Deploys the request. A prefix that is in use already is refused by the first thing that exists."""
    s3 = endpoint.client("s3")
    prefix = request.prefix
    data_bucket, artifact_bucket = f"{prefix}tenant-migration-data", f"{prefix}tenant-migration-artifacts"
    for bucket in (data_bucket, artifact_bucket):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": request.region})
    cluster = f"{prefix}source"
    namespace = workgroup = f"{prefix}target"
    source_namespace, target_namespace = (
        warehouse.namespace_id or str(uuid.uuid4()) for warehouse in (request.source, request.target)
    )
    _create_cluster(endpoint, request.source, cluster)
    _create_workgroup(endpoint, request.target, workgroup, namespace, target_namespace)
    deployment = Deployment(
        region=request.region,
        tenant=request.tenant,
        data_bucket=data_bucket,
        artifact_bucket=artifact_bucket,
        s3_bucket=f"s3://{data_bucket}/{DATA_PREFIX}",
        iam_role=_create_role(
            endpoint, f"{prefix}warehouse", ["redshift.amazonaws.com", "redshift-serverless.amazonaws.com"]
        ),
        source_secret_arn=_create_secret(
            endpoint, f"{prefix}source", _login(request.source) | {"cluster_identifier": cluster}
        ),
        target_secret_arn=_create_secret(
            endpoint, f"{prefix}target", _login(request.target) | {"workgroup": workgroup}
        ),
        cluster_identifier=cluster,
        namespace=namespace,
        workgroup=workgroup,
        source_namespace=source_namespace,
        target_namespace=target_namespace,
        jobs={job: f"{prefix}{job}" for job in JOBS},
    )
    _create_jobs(endpoint, request, deployment)
    return deployment


def _create_cluster(endpoint: Endpoint, warehouse: Warehouse, name: str) -> None:
    endpoint.client("redshift").create_cluster(
        ClusterIdentifier=name,
        NodeType="ra3.large",
        DBName=warehouse.database,
        MasterUsername=warehouse.username,
        MasterUserPassword=secrets.token_urlsafe(),  # nobody logs in with moto's cluster
    )


def _create_workgroup(endpoint: Endpoint, warehouse: Warehouse, name: str, namespace: str, namespace_id: str) -> None:
    serverless = endpoint.client("redshift-serverless")
    serverless.create_namespace(
        namespaceName=namespace,
        dbName=warehouse.database,
        adminUsername=warehouse.username,
        tags=[{"key": NAMESPACE_ID_TAG, "value": namespace_id}],
    )
    serverless.create_workgroup(workgroupName=name, namespaceName=namespace)


def _create_role(endpoint: Endpoint, name: str, services: list[str]) -> str:
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"}],
    }
    role = endpoint.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    return role["Role"]["Arn"]


def _login(warehouse: Warehouse) -> dict[str, Any]:
    fields = asdict(warehouse)
    del fields["namespace_id"]  # a secret knows no such field
    return fields


def _create_secret(endpoint: Endpoint, name: str, secret: dict[str, Any]) -> str:
    created = endpoint.client("secretsmanager").create_secret(Name=name, SecretString=json.dumps(secret))
    return created["ARN"]


def _create_jobs(endpoint: Endpoint, request: Request, deployment: Deployment) -> None:
    s3, glue = endpoint.client("s3"), endpoint.client("glue")
    role = _create_role(endpoint, f"{request.prefix}glue", ["glue.amazonaws.com"])
    known = json.loads(ARGUMENTS.read_text())["arguments"]
    names = ",".join(f"{executable}={name}" for executable, name in deployment.jobs.items() if executable in REPORTED)
    given = {
        "--S3_BUCKET": deployment.s3_bucket,
        "--IAM_ROLE": deployment.iam_role,
        "--SOURCE_SECRET_ARN": deployment.source_secret_arn,
        "--TARGET_SECRET_ARN": deployment.target_secret_arn,
        "--TENANT_NAME": request.tenant,
        "--AWS_REGION": request.region,
        "--GLUE_JOBS": names,
        "--ALLOWED_IAM_ROLES": deployment.iam_role,
    }
    # Tests that give no ids start jobs in either direction.
    if request.source.namespace_id and request.target.namespace_id:
        given["--WAREHOUSES"] = (
            f"source=source:{deployment.source_namespace},target=target:{deployment.target_namespace}"
        )
    s3.upload_file(str(request.launcher), deployment.artifact_bucket, "launch.py")
    for executable, job in deployment.jobs.items():
        path = request.executables / executable
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        key = f"{executable}/{sha256}/{executable}"  # a new executable never takes the place of a running one
        s3.upload_file(str(path), deployment.artifact_bucket, key)
        glue.create_job(
            Name=job,
            Role=role,
            Command={
                "Name": "pythonshell",
                "PythonVersion": "3.9",
                "ScriptLocation": f"s3://{deployment.artifact_bucket}/launch.py",
            },
            DefaultArguments={
                "--EXECUTABLE": f"s3://{deployment.artifact_bucket}/{key}",
                "--EXECUTABLE_SHA256": sha256,
                "library-set": "analytics",
            }
            | {it["name"]: given[it["name"]] for it in known if executable in it["jobs"] and it["name"] in given},
            ExecutionProperty={"MaxConcurrentRuns": MAX_CONCURRENT_RUNS},
            MaxRetries=0,
            MaxCapacity=0.0625,
            GlueVersion="3.0",
        )

"""Puts into the endpoint what a deployment of the project creates on AWS.

That is: buckets, launcher and executables, secrets, roles, the two warehouses by name, the Glue jobs.
Several deployments stand side by side in one endpoint, told apart by their prefix.
"""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aws_local.endpoint import Endpoint

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
    _create_warehouses(endpoint, request, cluster, namespace, workgroup)
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
            endpoint, f"{prefix}source", asdict(request.source) | {"cluster_identifier": cluster}
        ),
        target_secret_arn=_create_secret(
            endpoint, f"{prefix}target", asdict(request.target) | {"workgroup": workgroup}
        ),
        cluster_identifier=cluster,
        namespace=namespace,
        workgroup=workgroup,
        jobs={job: f"{prefix}{job}" for job in JOBS},
    )
    _create_jobs(endpoint, request, deployment)
    return deployment


def _create_warehouses(endpoint: Endpoint, request: Request, cluster: str, namespace: str, workgroup: str) -> None:
    endpoint.client("redshift").create_cluster(
        ClusterIdentifier=cluster,
        NodeType="ra3.large",
        DBName=request.source.database,
        MasterUsername=request.source.username,
        MasterUserPassword=secrets.token_urlsafe(),  # nobody logs in with moto's cluster
    )
    serverless = endpoint.client("redshift-serverless")
    serverless.create_namespace(
        namespaceName=namespace, dbName=request.target.database, adminUsername=request.target.username
    )
    serverless.create_workgroup(workgroupName=workgroup, namespaceName=namespace)


def _create_role(endpoint: Endpoint, name: str, services: list[str]) -> str:
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"}],
    }
    role = endpoint.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    return role["Role"]["Arn"]


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
    }
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
            DefaultArguments={"--EXECUTABLE": f"s3://{deployment.artifact_bucket}/{key}", "--EXECUTABLE_SHA256": sha256}
            | {it["name"]: given[it["name"]] for it in known if executable in it["jobs"] and it["name"] in given},
            ExecutionProperty={"MaxConcurrentRuns": MAX_CONCURRENT_RUNS},
            MaxRetries=0,
            MaxCapacity=0.0625,
            GlueVersion="3.0",
        )

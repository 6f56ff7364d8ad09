"""An environment whose warehouses are those of a local stack, synthesized and deployed there."""

import copy
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from aws_local.assembly import DeployedStack, deploy
from aws_local.endpoint import Endpoint
from aws_local.provision import JOBS
from local_stack.stack import Description

CDK = Path(__file__).parents[3] / "cdk"
EXAMPLE = CDK / "environments/example.json"
ACCOUNT = "123456789012"


class SynthError(Exception):
    """The app did not synthesize; the text is what it said."""


def create_network(endpoint: Endpoint) -> tuple[str, str]:
    """A VPC, whose id a parameter holds, and a subnet; returns the parameter's name and the subnet's id."""
    ec2 = endpoint.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zone = f"{endpoint.region}a"
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
    name = f"/network/{vpc}"
    endpoint.client("ssm").put_parameter(Name=name, Value=vpc, Type="String")
    return name, subnet


def environment_of(stack: Description, network: tuple[str, str]) -> dict[str, Any]:
    """The content of an environment's file for a local stack."""
    parameter, subnet = network
    deployment, endpoint = stack.deployment, stack.endpoint
    serverless = endpoint.client("redshift-serverless")
    workgroup = serverless.get_workgroup(workgroupName=deployment.workgroup)["workgroup"]
    namespace = serverless.get_namespace(namespaceName=deployment.namespace)["namespace"]
    content = copy.deepcopy(json.loads(EXAMPLE.read_text()))
    secrets = (deployment.source_secret_arn, deployment.target_secret_arn)
    reached = {"reachedAt": "127.0.0.1/32"}
    return content | {
        "account": ACCOUNT,
        "region": endpoint.region,
        "network": content["network"]
        | {
            "vpcId": f"ssm:{parameter}",
            "subnets": [{"subnetId": subnet, "availabilityZone": f"{endpoint.region}a"}],
        },
        "secrets": [
            {"arn": arn, "kmsKeyArn": None, "warehouse": warehouse}
            for arn, warehouse in zip(secrets, ("source", "target"), strict=True)
        ],
        "warehouses": [
            {
                "name": "source",
                "role": "source",
                "kind": "provisioned",
                "clusterIdentifier": deployment.cluster_identifier,
                # What DescribeClusters calls ClusterNamespaceArn, which moto does not tell.
                "namespaceArn": f"arn:aws:redshift:{endpoint.region}:{ACCOUNT}:namespace:{deployment.source_namespace}",
                "port": stack.source.port,
            }
            | reached,
            {
                "name": "target",
                "role": "target",
                "kind": "serverless",
                "workgroupArn": workgroup["workgroupArn"],
                "namespaceArn": namespace["namespaceArn"],
                "associatedRoleArns": [],
                "port": stack.target.port,
            }
            | reached,
        ],
        "jobs": content["jobs"] | {"concurrentTables": 4, "secondsBeforeRetry": 1},
    }


def make_dist(directory: Path, launcher: Path, executables: Path, jobs: tuple[str, ...]) -> Path:
    """The directory that `./build.sh` makes, of executables that were built already."""
    directory.mkdir()
    shutil.copy(launcher, directory)
    for job in jobs:
        # Every run fetches one of them; half of it is for debuggers.
        subprocess.run(["strip", "--strip-debug", "-o", directory / job, executables / job], check=True)
    files = [directory / name for name in (launcher.name, *jobs)]
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    (directory / "SHA256SUMS").write_text("".join(sums))
    return directory


def stub_dist(directory: Path) -> Path:
    """As `make_dist`, for tests that start no job: each file holds its own name."""
    directory.mkdir()
    names = (*JOBS, "launch.py")
    for name in names:
        (directory / name).write_text(name)
    sums = [f"{hashlib.sha256(name.encode()).hexdigest()}  {name}\n" for name in names]
    (directory / "SHA256SUMS").write_text("".join(sums))
    return directory


def synthesize(directory: Path, name: str, content: dict[str, Any], dist: Path) -> Path:
    """Writes the environment's file and synthesizes it; returns the assembly."""
    environments = directory / "environments"
    environments.mkdir(exist_ok=True)
    (environments / f"{name}.json").write_text(json.dumps(content))
    assembly = directory / f"cdk.out-{name}"
    context = {"env": name, "environments": str(environments), "dist": str(dist)}
    ended = subprocess.run(
        ["node", "--import", "tsx", "bin/app.ts"],
        cwd=CDK,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(directory),
            "CDK_OUTDIR": str(assembly),
            "CDK_CONTEXT_JSON": json.dumps(context),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise SynthError(ended.stderr)
    return assembly


def deploy_environment(stack: Description, assembly: Path, name: str) -> DeployedStack:
    """Deploys the environment's stack."""
    return deploy(stack.endpoint, assembly, f"redshift-tenant-migration-{name}")

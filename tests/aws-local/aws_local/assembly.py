"""Deploys what `cdk synth` wrote, as `cdk deploy` does: uploads the assets, creates the stack from the template."""

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_local.endpoint import Endpoint

ACCOUNT = "123456789012"
# What `cdk bootstrap` leaves in an account, and what the template asks for.
BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
BOOTSTRAP_VERSION = "30"
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]


class DeployError(Exception):
    """The stack was not created."""


@dataclass(frozen=True)
class DeployedStack:
    """A stack that was created."""

    name: str
    outputs: dict[str, str]


def deploy(endpoint: Endpoint, assembly: Path, stack: str) -> DeployedStack:
    """Deploys one stack of the assembly."""
    template = assembly / f"{stack}.template.json"
    bootstrap(endpoint)
    place = _upload_assets(endpoint, assembly, assembly / f"{stack}.assets.json", template)
    cloudformation = endpoint.client("cloudformation")
    cloudformation.create_stack(StackName=stack, TemplateURL=place, Capabilities=CAPABILITIES)
    described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    if described["StackStatus"] != "CREATE_COMPLETE":
        raise DeployError(f"{stack} is {described['StackStatus']}: {described.get('StackStatusReason', 'no reason')}")
    outputs = described.get("Outputs", [])
    return DeployedStack(stack, {output["OutputKey"]: output["OutputValue"] for output in outputs})


def bootstrap(endpoint: Endpoint) -> None:
    """Makes what `cdk bootstrap` makes, as far as deploying asks for it; may be repeated."""
    s3 = endpoint.client("s3")
    bucket = _bucket(endpoint)
    if bucket not in {it["Name"] for it in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": endpoint.region})
    endpoint.client("ssm").put_parameter(
        Name=BOOTSTRAP_PARAMETER, Value=BOOTSTRAP_VERSION, Type="String", Overwrite=True
    )


def _bucket(endpoint: Endpoint) -> str:
    return f"cdk-hnb659fds-assets-{ACCOUNT}-{endpoint.region}"


def _upload_assets(endpoint: Endpoint, assembly: Path, manifest: Path, template: Path) -> str:
    """Uploads every file that the manifest names; returns the URL of the template."""
    s3 = endpoint.client("s3")
    url = ""
    for asset in json.loads(manifest.read_text())["files"].values():
        source = assembly / asset["source"]["path"]
        content = _zipped(source) if asset["source"]["packaging"] == "zip" else source.read_bytes()
        for destination in asset["destinations"].values():
            bucket, key = _placed(destination, endpoint), destination["objectKey"]
            s3.put_object(Bucket=bucket, Key=key, Body=content)
            if source.resolve() == template.resolve():
                url = f"https://s3.{endpoint.region}.amazonaws.com/{bucket}/{key}"
    return url


def _placed(destination: dict[str, Any], endpoint: Endpoint) -> str:
    name = destination["bucketName"].replace("${AWS::AccountId}", ACCOUNT)
    return name.replace("${AWS::Region}", endpoint.region)


def _zipped(directory: Path) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for file in sorted(directory.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(directory))
    return content.getvalue()

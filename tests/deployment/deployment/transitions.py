"""What Step Functions charges for: each way from the start over the states to the end, also to a task again.

AWS Step Functions pricing, "State transitions". The children of a Distributed Map are executions of their own.
"""

import json
from dataclasses import dataclass
from typing import Any

from aws_local.endpoint import Endpoint

from deployment.executions import Ended


@dataclass(frozen=True)
class Charged:
    """What an execution cost, with its children."""

    transitions: int
    glue_runs: int
    children: int


def charged(endpoint: Endpoint, bucket: str, ended: Ended) -> Charged:
    """Counts what an execution did, by its history and those of the children that its map's results name."""
    histories = [ended.history]
    for child in children(endpoint, bucket, ended.history):
        histories.append(endpoint.client("stepfunctions").get_execution_history(executionArn=child)["events"])
    return Charged(
        transitions=sum(_transitions(history) for history in histories),
        glue_runs=sum(_glue_runs(history) for history in histories),
        children=len(histories) - 1,
    )


def _transitions(history: list[dict[str, Any]]) -> int:
    """One to the first state, one from each state, and one to a task that is tried again."""
    types = [event["type"] for event in history]
    retries = types.count("TaskScheduled") - types.count("TaskStateEntered")
    return 1 + sum(it.endswith("StateEntered") for it in types) + retries


def _glue_runs(history: list[dict[str, Any]]) -> int:
    submitted = (event.get("taskSubmittedEventDetails", {}) for event in history)
    return sum(details.get("resourceType") == "glue" for details in submitted)


def children(endpoint: Endpoint, bucket: str, history: list[dict[str, Any]]) -> list[str]:
    """The executions that the results of its map name: a file for each way to end ("ResultWriter")."""
    s3 = endpoint.client("s3")

    def read(key: str) -> Any:
        return json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())

    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="runs/")
    keys = [it["Key"] for page in pages for it in page.get("Contents", []) if it["Key"].endswith("/manifest.json")]
    started = [event["mapRunStartedEventDetails"] for event in history if event["type"] == "MapRunStarted"]
    ours = {it["mapRunArn"] for it in started}
    manifests = [it for it in map(read, keys) if it.get("MapRunArn") in ours]
    files = [file["Key"] for manifest in manifests for named in manifest["ResultFiles"].values() for file in named]
    return [result["ExecutionArn"] for key in files for result in read(key)]

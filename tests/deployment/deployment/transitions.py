"""What Step Functions charges for: each way from the start over the states to the end, also to a task again.

AWS Step Functions pricing, "State transitions". The children of a Distributed Map are executions of their own.
"""

from dataclasses import dataclass
from typing import Any

from deployment.data_bucket import DataBucket
from deployment.executions import Ended


@dataclass(frozen=True)
class Charged:
    """What an execution cost, with its children."""

    transitions: int
    glue_runs: int
    children: int


def charged(bucket: DataBucket, ended: Ended) -> Charged:
    """Counts what an execution did, by its history and those of the children that its map's results name."""
    histories = [ended.history]
    for child in children(bucket, ended.history):
        histories.append(bucket.endpoint.client("stepfunctions").get_execution_history(executionArn=child)["events"])
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


def children(bucket: DataBucket, history: list[dict[str, Any]]) -> list[str]:
    """The executions that the results of its map name: a file for each way to end ("ResultWriter")."""
    keys = [key for key in bucket.keys("runs/") if key.endswith("/manifest.json")]
    started = [event["mapRunStartedEventDetails"] for event in history if event["type"] == "MapRunStarted"]
    ours = {it["mapRunArn"] for it in started}
    manifests = [it for it in map(bucket.document, keys) if it.get("MapRunArn") in ours]
    files = [file["Key"] for manifest in manifests for named in manifest["ResultFiles"].values() for file in named]
    return [result["ExecutionArn"] for key in files for result in bucket.document(key)]

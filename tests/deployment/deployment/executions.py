"""Executions of the deployed state machine."""

import json
import time
import uuid
from dataclasses import dataclass
from typing import Any

from aws_local.endpoint import Endpoint

PATIENCE_SECONDS = 180.0


@dataclass(frozen=True)
class Ended:
    """An execution that has ended."""

    arn: str
    name: str
    status: str
    error: str | None
    cause: str | None
    output: Any
    history: list[dict[str, Any]]

    @property
    def states(self) -> list[str]:
        """The names of the states that were entered, in order."""
        details = (event.get("stateEnteredEventDetails") for event in self.history)
        return [detail["name"] for detail in details if detail]


def execute(endpoint: Endpoint, machine: str, given: Any) -> Ended:
    """Starts an execution and waits for its end."""
    return wait(endpoint, start(endpoint, machine, given))


def start(endpoint: Endpoint, machine: str, given: Any) -> str:
    """Starts an execution; returns its ARN."""
    client = endpoint.client("stepfunctions")
    started = client.start_execution(stateMachineArn=machine, name=f"run-{uuid.uuid4()}", input=json.dumps(given))
    return started["executionArn"]


def wait(endpoint: Endpoint, arn: str) -> Ended:
    """Waits for an execution's end."""
    client = endpoint.client("stepfunctions")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (described := client.describe_execution(executionArn=arn))["status"] == "RUNNING":
        if time.monotonic() > deadline:
            raise TimeoutError(f"the execution {arn} still runs")
        time.sleep(0.1)
    history = client.get_execution_history(executionArn=arn, maxResults=1000)["events"]
    output = described.get("output")
    return Ended(
        arn=arn,
        name=described["name"],
        status=described["status"],
        error=described.get("error"),
        cause=described.get("cause"),
        output=json.loads(output) if output else None,
        history=history,
    )

"""The context object: an execution without a name gets one, and its start is text.

AWS Step Functions Developer Guide, "Accessing execution data from the Context object".
"""

import datetime
import uuid
from typing import Any

from moto.stepfunctions.parser.asl.eval.evaluation_details import ExecutionDetails
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from aws_local.step_functions.json_values import timestamp


def install() -> None:
    """Mends the details of an execution, and how one is started."""
    start = StepFunctionsParserBackend.start_execution
    initialize = ExecutionDetails.__init__

    def start_named(self: Any, state_machine_arn: str, name: str | None = None, *rest: Any, **named: Any) -> Any:
        return start(self, state_machine_arn, name or str(uuid.uuid4()), *rest, **named)

    def initialize_with_text(self: Any, *, start_time: Any, **details: Any) -> None:
        text = timestamp(start_time) if isinstance(start_time, datetime.datetime) else start_time
        initialize(self, start_time=text, **details)

    StepFunctionsParserBackend.start_execution = start_named
    ExecutionDetails.__init__ = initialize_with_text

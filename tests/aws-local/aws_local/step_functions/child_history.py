"""The history of each child of a Distributed Map: moto keeps one for all of them, and shows it to nobody.

A child is an execution of its own, whose ARN stands in the map's results (AWS Step Functions Developer Guide,
"ResultWriter"), and GetExecutionHistory tells what it did.
"""

from typing import Any

from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

_kept: dict[str, EventManager] = {}
_of_execution = StepFunctionsParserBackend.get_execution_history


def begin(env: Any, job: Any) -> None:
    """Gives an item a history of its own, before it runs."""
    env.event_manager = job.history = EventManager()


def keep(execution_arn: str, job: Any) -> None:
    """Names the execution whose history it is."""
    _kept[execution_arn] = job.history


def _get_execution_history(backend: Any, execution_arn: str) -> Any:
    if execution_arn in _kept:
        return {"events": _kept[execution_arn].get_event_history()}
    return _of_execution(backend, execution_arn)


def install() -> None:
    """Puts this in the place of moto's."""
    StepFunctionsParserBackend.get_execution_history = _get_execution_history

"""`glue:startJobRun.sync`: moto fails at the end of a task without a callback; moments are milliseconds, as on AWS."""

import inspect
import textwrap
from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_callback as callback,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_glue import (
    StateTaskServiceGlue,
)

from aws_local.step_functions.json_values import as_json

_BROKEN = "callback_endpoint.interrupt_all()"


class _Client:
    """The Glue client that the task uses."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def start_job_run(self, **arguments: Any) -> Any:
        return self._client.start_job_run(**arguments)

    def get_job_run(self, **arguments: Any) -> Any:
        return as_json(self._client.get_job_run(**arguments), in_milliseconds=True)


def install() -> None:
    """Mends the end of the task, and its client."""
    source = textwrap.dedent(inspect.getsource(callback.StateTaskServiceCallback._eval_integration_pattern))
    if _BROKEN not in source:
        raise RuntimeError(
            "moto's tasks with a callback are others than expected: look at aws_local/step_functions/glue_run.py"
        )
    mended = source.replace(_BROKEN, f"callback_endpoint is None or {_BROKEN}")
    found: dict[str, Any] = {}
    exec(compile(mended, __file__, "exec"), callback.__dict__, found)  # noqa: S102 -- moto's own source
    callback.StateTaskServiceCallback._eval_integration_pattern = found["_eval_integration_pattern"]

    make_client = StateTaskServiceGlue._get_glue_client

    def make_wrapped(*arguments: Any, **named: Any) -> _Client:
        return _Client(make_client(*arguments, **named))

    StateTaskServiceGlue._get_glue_client = staticmethod(make_wrapped)

"""Tasks that call AWS: their parameters and answers in the forms that a state uses, and the names of their errors.

AWS Step Functions Developer Guide, "AWS SDK integrations": members in PascalCase, no metadata, errors named for service
and exception, such as S3.NoSuchKeyException.
"""

import functools
from typing import Any

import botocore.session
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_aws_sdk as sdk
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
    StateTaskServiceAwsSdk,
)

from aws_local.step_functions.json_values import as_json

# How errors of a service begin; moto knows some others.
ERROR_PREFIXES = {"s3": "S3", "glue": "Glue"}

_session = botocore.session.get_session()


@functools.cache
def _operation(service: str, action: str) -> Any:
    model = _session.get_service_model(service)
    for name in model.operation_names:
        if name.lower() == action.lower():
            return model.operation_model(name)
    raise ValueError(f"{service}:{action} is no operation of AWS")


def _operation_of(task: Any, service: str | None, action: str | None) -> Any:
    return _operation(task._get_boto_service_name(service), action or task.resource.api_action)


def _is_sdk(task: Any) -> bool:
    return "aws-sdk" in task.resource.resource_arn


def _normalise_parameters(task: Any, parameters: Any, service: str | None = None, action: str | None = None) -> None:
    shape = _operation_of(task, service, action).input_shape
    if shape is not None:
        task._to_boto_request(parameters, shape)


def _normalise_response(task: Any, response: Any, service: str | None = None, action: str | None = None) -> None:
    if not isinstance(response, dict):
        return
    clean = as_json(response, in_milliseconds=not _is_sdk(task))
    response.clear()
    response.update(clean)
    shape = _operation_of(task, service, action).output_shape
    if shape is not None and _is_sdk(task):
        task._from_boto_response(response, shape)


def _exception_name(service: str, error: Any) -> str:
    # What boto3 has no class for is known by the code on the wire.
    name = type(error).__name__
    code = error.response["Error"]["Code"] if name == "ClientError" else name
    return f"{service}.{code}" + ("" if code.endswith("Exception") else "Exception")


def install() -> None:
    """Mends the answers of every task, and the error names of AWS SDK tasks."""
    evaluate = StateTaskServiceAwsSdk._eval_service_task

    def evaluate_without_metadata(self: Any, env: Any, *rest: Any, **named: Any) -> None:
        evaluate(self, env, *rest, **named)
        if isinstance(env.stack[-1], dict):
            env.stack[-1].pop("ResponseMetadata", None)

    StateTaskService._normalise_parameters = _normalise_parameters
    StateTaskService._normalise_response = _normalise_response
    StateTaskServiceAwsSdk._eval_service_task = evaluate_without_metadata
    StateTaskServiceAwsSdk._normalise_exception_name = staticmethod(_exception_name)
    sdk._SERVICE_ERROR_NAMES.update(ERROR_PREFIXES)

"""What moto's CloudFormation needs to deploy what the CDK app synthesizes."""

from collections.abc import Callable
from pathlib import Path

from moto.cloudformation import parsing
from moto.stepfunctions import models as step_functions
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from aws_local.cloud_formation import change_sets, custom_resource, deletion_policy, glue, kms_key
from aws_local.endpoint import Endpoint

# moto finds these classes because they are there.
GLUE_RESOURCES = (glue.Job, glue.Connection, glue.SecurityConfiguration)


def install(endpoint: Callable[[str], Endpoint], directory: Path) -> None:
    """Custom resources as processes in `directory`, state machines that execute, and keys with tags."""
    parsing.CustomModel = custom_resource.model(endpoint, directory)
    custom_resource.delete_first(parsing.ResourceMap, parsing.CustomModel)
    # A state machine of a stack is kept where executions are run.
    if step_functions.stepfunctions_backends is not stepfunctions_parser_backends:
        step_functions.stepfunctions_backends = stepfunctions_parser_backends
        change_sets.install()
        deletion_policy.install(parsing.ResourceMap)
        kms_key.install()

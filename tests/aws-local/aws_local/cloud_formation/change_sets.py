"""Change sets as the CDK's command line makes them for an update."""

from typing import Any

from moto.cloudformation.exceptions import CloudFormationError, ValidationError
from moto.cloudformation.models import CloudFormationBackend, Stack

_describe = CloudFormationBackend.describe_change_set


class ChangeSetNotFoundError(CloudFormationError):
    """API_DescribeChangeSet, "Errors": of one that is not there moto says that the stack is not."""

    code = "ChangeSetNotFound"


def _describe_or_tell(backend: Any, change_set_name: str) -> Any:
    try:
        return _describe(backend, change_set_name)
    except ValidationError:
        raise ChangeSetNotFoundError(f"ChangeSet [{change_set_name}] does not exist") from None


def _given(stack: Any) -> dict[str, Any]:
    """What `UsePreviousValue` means: of a parameter in SSM its name, where moto takes what was read there."""
    given = stack.resource_map.input_parameters
    slots = stack.resource_map._template.get("Parameters", {})
    return {name: given.get(name, slot.get("Default")) for name, slot in slots.items()}


def install() -> None:
    """Puts this in the place of moto's."""
    CloudFormationBackend.describe_change_set = _describe_or_tell
    Stack.stack_parameters = property(_given)

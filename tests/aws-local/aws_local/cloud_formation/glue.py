"""AWS::Glue::Job, Connection and SecurityConfiguration, which moto's CloudFormation does not know.

moto finds these classes because they are there: direct heirs of CloudFormationModel.
"""

from typing import Any, ClassVar

from moto.core.common_models import CloudFormationModel
from moto.glue.models import glue_backends


class _OfGlue:
    """A resource whose Ref is its name."""

    TYPE: ClassVar[str]

    def __init__(self, name: str) -> None:
        self.name = self.physical_resource_id = name

    @staticmethod
    def cloudformation_name_type() -> str:
        return "Name"

    @classmethod
    def cloudformation_type(cls) -> str:
        return cls.TYPE

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return False

    def is_created(self) -> bool:
        return True

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
    ) -> "_OfGlue":
        properties = cloudformation_json["Properties"]
        name = properties.get("Name", resource_name)
        cls._put(glue_backends[account_id][region_name], name, properties)
        return cls(name)

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource: Any, new_resource_name: str, cloudformation_json: Any, account_id: str, region_name: str
    ) -> "_OfGlue":
        backend = glue_backends[account_id][region_name]
        cls._remove(backend, original_resource.name)
        cls._put(backend, original_resource.name, cloudformation_json["Properties"])
        return cls(original_resource.name)

    def delete(self, account_id: str, region_name: str) -> None:
        type(self)._remove(glue_backends[account_id][region_name], self.name)

    @classmethod
    def _put(cls, backend: Any, name: str, properties: dict[str, Any]) -> None:
        raise NotImplementedError

    @classmethod
    def _remove(cls, backend: Any, name: str) -> None:
        raise NotImplementedError


def _number(value: Any, kind: type) -> Any:
    """CloudFormation hands numbers on as text."""
    return None if value is None else kind(value)


class Job(_OfGlue, CloudFormationModel):
    """AWS::Glue::Job."""

    __module__ = "moto.glue.models"  # by which moto finds the service
    TYPE = "AWS::Glue::Job"

    @classmethod
    def _put(cls, backend: Any, name: str, properties: dict[str, Any]) -> None:
        execution = properties.get("ExecutionProperty") or {}
        backend.create_job(
            name=name,
            role=properties["Role"],
            command=properties["Command"],
            description=properties.get("Description"),
            log_uri=properties.get("LogUri"),
            execution_property={key: int(value) for key, value in execution.items()},
            default_arguments=properties.get("DefaultArguments"),
            non_overridable_arguments=properties.get("NonOverridableArguments"),
            connections=properties.get("Connections"),
            max_retries=_number(properties.get("MaxRetries"), int),
            allocated_capacity=_number(properties.get("AllocatedCapacity"), int),
            timeout=_number(properties.get("Timeout"), int),
            max_capacity=_number(properties.get("MaxCapacity"), float),
            security_configuration=properties.get("SecurityConfiguration"),
            tags=properties.get("Tags") or {},
            notification_property=properties.get("NotificationProperty"),
            glue_version=properties.get("GlueVersion"),
            number_of_workers=_number(properties.get("NumberOfWorkers"), int),
            worker_type=properties.get("WorkerType"),
            code_gen_configuration_nodes=None,
            execution_class=properties.get("ExecutionClass"),
            source_control_details=None,
        )

    @classmethod
    def _remove(cls, backend: Any, name: str) -> None:
        backend.delete_job(name)


class Connection(_OfGlue, CloudFormationModel):
    """AWS::Glue::Connection."""

    __module__ = "moto.glue.models"  # by which moto finds the service
    TYPE = "AWS::Glue::Connection"

    @classmethod
    def _put(cls, backend: Any, name: str, properties: dict[str, Any]) -> None:
        given = properties["ConnectionInput"]
        backend.create_connection(properties["CatalogId"], {"Name": name} | given, {})

    @classmethod
    def _remove(cls, backend: Any, name: str) -> None:
        backend.connections.pop(name, None)


class SecurityConfiguration(_OfGlue, CloudFormationModel):
    """AWS::Glue::SecurityConfiguration."""

    __module__ = "moto.glue.models"  # by which moto finds the service
    TYPE = "AWS::Glue::SecurityConfiguration"

    @classmethod
    def _put(cls, backend: Any, name: str, properties: dict[str, Any]) -> None:
        backend.create_security_configuration(name, properties["EncryptionConfiguration"])

    @classmethod
    def _remove(cls, backend: Any, name: str) -> None:
        backend.delete_security_configuration(name)

"""AWS::KMS::Key: moto hands its tags on as CloudFormation names them, while its KMS knows TagKey and TagValue."""

from typing import Any

from moto.kms.models import Key


def install() -> None:
    """Renames the parts of the tags of a key before it is created."""
    create = Key.create_from_cloudformation_json

    def create_with_tags(cls: type[Key], resource_name: str, cloudformation_json: Any, *rest: Any, **named: Any) -> Key:
        properties = cloudformation_json["Properties"]
        tags = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in properties.get("Tags", [])]
        renamed = cloudformation_json | {"Properties": properties | {"Tags": tags}}
        return create(resource_name, renamed, *rest, **named)

    Key.create_from_cloudformation_json = classmethod(create_with_tags)

"""The deletion policy `RetainExceptOnCreate`, which moto does not know.

AWS CloudFormation Template Reference, "DeletionPolicy attribute": it is `Retain` but for the operation that made the
resource, should that be rolled back. moto rolls no creation back, so to it both are the same.
"""

from typing import Any


def install(resource_map: type) -> None:
    """Keeps such resources when their stack is deleted."""
    delete_all = resource_map.delete

    def delete(self: Any) -> None:
        for resource in self._resource_json_map.values():
            if resource.get("DeletionPolicy") == "RetainExceptOnCreate":
                resource["DeletionPolicy"] = "Retain"
        delete_all(self)

    resource_map.delete = delete

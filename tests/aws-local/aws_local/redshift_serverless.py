"""Redshift Serverless as the jobs and the deployment see it: namespaces, workgroups, temporary credentials.

Actions and shapes follow the Amazon Redshift Serverless API Reference. Nothing here speaks HTTP.
"""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aws_local.role_association import RoleAssociations
from aws_local.temporary_password import temporary_password

ACCOUNT = "123456789012"  # the account in which moto keeps everything
# Who calls, as a database user: a role of this name.
ROLE_USER = "IAMR:aws-local"
# A tag of CreateNamespace that gives the namespace its id: that of the warehouse which stands for it.
NAMESPACE_ID_TAG = "aws-local:namespace-id"
# Bounds and default of GetCredentials' durationSeconds.
SHORTEST_CREDENTIALS, LONGEST_CREDENTIALS = 900, 3600


class ServerlessError(Exception):
    """A refusal, with the error code of the API Reference."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Namespace:
    """A namespace: the databases, users and roles of a warehouse."""

    name: str
    id: str
    region: str
    database: str
    admin: str
    roles: RoleAssociations
    created: str

    def describe(self) -> dict[str, Any]:
        """The Namespace structure; its roles are strings, in both orders of fields in which AWS has printed them."""
        return {
            "namespaceName": self.name,
            "namespaceArn": f"arn:aws:redshift-serverless:{self.region}:{ACCOUNT}:namespace/{self.id}",
            "namespaceId": self.id,
            "dbName": self.database,
            "adminUsername": self.admin,
            "creationDate": self.created,
            "status": "AVAILABLE" if self.roles.all_in_sync() else "MODIFYING",
            "iamRoles": [
                f"IamRole(applyStatus={status}, iamRoleArn={arn})"
                if index % 2 == 0
                else f"IamRole(iamRoleArn={arn}, applyStatus={status})"
                for index, (arn, status) in enumerate(self.roles.statuses())
            ],
        }


class RedshiftServerless:
    """The service in one region."""

    def __init__(self, region: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._region = region
        self._clock = clock
        self._namespaces: dict[str, Namespace] = {}
        self._workgroups: dict[str, dict[str, Any]] = {}

    def act(self, action: str, request: dict[str, Any]) -> dict[str, Any]:
        """Carries out one action; raises ServerlessError for one that is unknown or refused."""
        actions = {
            "CreateNamespace": self._create_namespace,
            "CreateWorkgroup": self._create_workgroup,
            "GetCredentials": self._get_credentials,
            "GetNamespace": lambda request: {"namespace": self._namespace(request).describe()},
            "GetWorkgroup": lambda request: {"workgroup": self._workgroup(request)},
            "UpdateNamespace": self._update_namespace,
        }
        if action not in actions:
            raise ServerlessError("UnknownOperationException", f"aws-local does not know redshift-serverless {action}")
        return actions[action](request)

    def _create_namespace(self, request: dict[str, Any]) -> dict[str, Any]:
        name = request["namespaceName"]
        if name in self._namespaces:
            raise ServerlessError("ConflictException", f"Namespace {name} already exists.")
        tags = {tag["key"]: tag["value"] for tag in request.get("tags", [])}
        namespace = Namespace(
            name=name,
            id=tags.get(NAMESPACE_ID_TAG) or str(uuid.uuid4()),
            region=self._region,
            database=request.get("dbName", "dev"),
            admin=request.get("adminUsername", "admin"),
            roles=RoleAssociations(self._clock, request.get("iamRoles", [])),
            created=datetime.now(UTC).isoformat(),
        )
        self._namespaces[name] = namespace
        return {"namespace": namespace.describe()}

    def _create_workgroup(self, request: dict[str, Any]) -> dict[str, Any]:
        name = request["workgroupName"]
        if name in self._workgroups:
            raise ServerlessError("ConflictException", f"Workgroup {name} already exists.")
        namespace = self._namespace(request)
        self._workgroups[name] = {
            "workgroupName": name,
            "workgroupArn": f"arn:aws:redshift-serverless:{self._region}:{ACCOUNT}:workgroup/{uuid.uuid4()}",
            "workgroupId": str(uuid.uuid4()),
            "namespaceName": namespace.name,
            "status": "AVAILABLE",
            "creationDate": datetime.now(UTC).isoformat(),
            "endpoint": {
                "address": f"{name}.{ACCOUNT}.{self._region}.redshift-serverless.amazonaws.com",
                "port": request.get("port", 5439),
            },
        }
        return {"workgroup": self._workgroups[name]}

    def _update_namespace(self, request: dict[str, Any]) -> dict[str, Any]:
        namespace = self._namespace(request)
        unknown = request.keys() - {"namespaceName", "iamRoles"}
        if unknown:
            raise ServerlessError("ValidationException", f"aws-local cannot update {', '.join(sorted(unknown))}")
        namespace.roles.replace(request.get("iamRoles", []))
        return {"namespace": namespace.describe()}

    def _get_credentials(self, request: dict[str, Any]) -> dict[str, Any]:
        self._workgroup(request)
        seconds = request.get("durationSeconds", SHORTEST_CREDENTIALS)
        if not SHORTEST_CREDENTIALS <= seconds <= LONGEST_CREDENTIALS:
            raise ServerlessError("ValidationException", f"durationSeconds {seconds} is not between 900 and 3600")
        expiration = datetime.now(UTC).timestamp() + seconds
        return {
            "dbUser": ROLE_USER,
            "dbPassword": temporary_password(request["workgroupName"], ROLE_USER),
            "expiration": expiration,
            "nextRefreshTime": expiration,
        }

    def _namespace(self, request: dict[str, Any]) -> Namespace:
        return _named(self._namespaces, "Namespace", request["namespaceName"])

    def _workgroup(self, request: dict[str, Any]) -> dict[str, Any]:
        return _named(self._workgroups, "Workgroup", request["workgroupName"])


def _named(things: dict[str, Any], kind: str, name: str) -> Any:
    if name not in things:
        raise ServerlessError("ResourceNotFoundException", f"{kind} {name} does not exist.")
    return things[name]

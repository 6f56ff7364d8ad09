"""What the jobs need of Redshift beyond moto.

ModifyClusterIamRoles, with roles that take a moment to be in sync, and temporary credentials with a password that
redshift-local can check.
"""

import time
from typing import Any

from moto.core.responses import ActionResult
from moto.redshift.models import Cluster, RedshiftBackend
from moto.redshift.responses import RedshiftResponse

from aws_local.role_association import RoleAssociations
from aws_local.temporary_password import temporary_password

# Of every cluster that was asked for its roles.
_associations: dict[Cluster, RoleAssociations] = {}


def _of(cluster: Cluster) -> RoleAssociations:
    return _associations.setdefault(cluster, RoleAssociations(time.monotonic, cluster.iam_roles_arn))


def _iam_roles(cluster: Cluster) -> list[dict[str, str]]:
    return [{"IamRoleArn": arn, "ApplyStatus": status} for arn, status in _of(cluster).statuses()]


def _modify_cluster_iam_roles(response: RedshiftResponse) -> ActionResult:
    cluster = response.redshift_backend.describe_clusters(response._get_param("ClusterIdentifier"))[0]
    add = response._get_param("AddIamRoles", [])
    remove = response._get_param("RemoveIamRoles", [])
    _of(cluster).modify(add, remove)
    return ActionResult({"Cluster": cluster})


_moto_get_cluster_credentials = RedshiftBackend.get_cluster_credentials


def _get_cluster_credentials(backend: RedshiftBackend, cluster_identifier: str, *arguments: Any) -> dict[str, Any]:
    credentials = _moto_get_cluster_credentials(backend, cluster_identifier, *arguments)
    return credentials | {"DbPassword": temporary_password(cluster_identifier, credentials["DbUser"])}


def install() -> None:
    """Adds ModifyClusterIamRoles (Amazon Redshift API Reference), its statuses, and the passwords to moto's."""
    RedshiftBackend.get_cluster_credentials = _get_cluster_credentials
    Cluster.iam_roles = property(_iam_roles)
    RedshiftResponse.modify_cluster_iam_roles = _modify_cluster_iam_roles

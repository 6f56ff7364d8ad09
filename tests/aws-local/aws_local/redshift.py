"""ModifyClusterIamRoles on moto's Redshift, with roles that take a moment to be in sync."""

import time

from moto.core.responses import ActionResult
from moto.redshift.models import Cluster
from moto.redshift.responses import RedshiftResponse

from aws_local.role_association import RoleAssociations

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


def install() -> None:
    """Adds ModifyClusterIamRoles (Amazon Redshift API Reference) and its statuses to DescribeClusters."""
    Cluster.iam_roles = property(_iam_roles)
    RedshiftResponse.modify_cluster_iam_roles = _modify_cluster_iam_roles

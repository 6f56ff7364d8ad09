"""What the endpoints' function needs of EC2 beyond moto: filtered services, and refused interface endpoints.

AWS PrivateLink Guide, "Access an AWS service using an interface VPC endpoint", says what must hold; the errors are
worded as EC2 words them in reports of users (terraform-aws-modules/terraform-aws-vpc, issues 583 and 785).
"""

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend, vpcs

SERVERLESS = "redshift-serverless"
_moto_create, _moto_filter = EC2Backend.create_vpc_endpoint, EC2Backend._filter_endpoint_services


def _zones_offered(backend: Any, service: str) -> list[str]:
    described = backend.describe_vpc_endpoint_services([], [], 0, None, backend.region_name)["servicesDetails"]
    kinds = {(it["ServiceName"], kind["ServiceType"]): it for it in described for kind in it["ServiceType"]}
    offer = kinds.get((service, "Interface"))
    if offer is None:
        raise EC2ClientError("InvalidServiceName", f"The Vpc Endpoint Service '{service}' does not exist")
    return offer["AvailabilityZones"]


def _check_subnets(backend: Any, service: str, subnets: list[str]) -> None:
    offered, taken = _zones_offered(backend, service), set()
    for subnet in subnets:
        zone = backend.get_subnet(subnet).availability_zone
        if zone not in offered:
            raise EC2ClientError(
                "InvalidParameter",
                f"The VPC endpoint service {service} does not support the availability zone of the subnet: {subnet}.",
            )
        if zone in taken:
            raise EC2ClientError(
                "DuplicateSubnetsInSameZone",
                f"Found another VPC endpoint subnet in the availability zone of {subnet}. VPC endpoint subnets should "
                "be in different availability zones supported by the VPC endpoint service.",
            )
        taken.add(zone)


def _check_private_dns(backend: Any, vpc: str, service: str) -> None:
    for other in backend.vpc_end_points.values():
        named = (other.vpc_id, other.service_name) == (vpc, service) and other.private_dns_enabled
        if named and other.state != "deleted":
            raise EC2ClientError(
                "InvalidParameter",
                "private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
                f"{service} in the VPC {vpc}",
            )


def _create(backend: Any, vpc_id: str, service_name: str, endpoint_type: str | None, *more: Any, **given: Any) -> Any:
    if endpoint_type == "Interface":
        _check_subnets(backend, service_name, given.get("subnet_ids") or [])
        if given.get("private_dns_enabled"):
            _check_private_dns(backend, vpc_id, service_name)
    return _moto_create(backend, vpc_id, service_name, endpoint_type, *more, **given)


def _filter(services: list[str], filters: list[dict[str, Any]], offers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # moto looks for the values where no client puts them.
    return _moto_filter(services, [it | {"Value": it["Values"]} for it in filters], offers)


def install() -> None:
    """Puts the checks before what moto does."""
    # moto's list lacks it (AWS PrivateLink Guide, "AWS services that integrate with AWS PrivateLink").
    if SERVERLESS not in vpcs.AWS_ENDPOINT_SERVICES:
        vpcs.AWS_ENDPOINT_SERVICES.append(SERVERLESS)
    EC2Backend._filter_endpoint_services = staticmethod(_filter)
    EC2Backend.create_vpc_endpoint = _create

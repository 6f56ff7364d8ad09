import unittest
from typing import Any

from botocore.exceptions import ClientError
from running_server import REGION, WithServer


class InterfaceEndpoints(WithServer):
    def setUp(self) -> None:
        self.ec2 = self.endpoint.client("ec2")
        self.vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [
            self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.0.{at}.0/24", AvailabilityZone=REGION + zone)[
                "Subnet"
            ]["SubnetId"]
            for at, zone in enumerate("aab")
        ]

    def create(self, service: str, subnets: list[str], private_dns: bool = True) -> Any:
        return self.ec2.create_vpc_endpoint(
            VpcId=self.vpc,
            ServiceName=f"com.amazonaws.{REGION}.{service}",
            VpcEndpointType="Interface",
            SubnetIds=subnets,
            PrivateDnsEnabled=private_dns,
        )["VpcEndpoint"]["VpcEndpointId"]

    def refused(self, code: str, service: str, subnets: list[str]) -> str:
        with self.assertRaises(ClientError) as error:
            self.create(service, subnets)
        self.assertEqual(error.exception.response["Error"]["Code"], code)
        return error.exception.response["Error"]["Message"]

    def test_two_subnets_of_one_zone_are_refused(self):
        self.assertIn(self.subnets[1], self.refused("DuplicateSubnetsInSameZone", "kms", self.subnets[:2]))
        self.create("kms", self.subnets[1:])

    def test_second_endpoint_with_private_dns_is_refused_until_the_first_is_gone(self):
        first = self.create("kms", self.subnets[:1])
        self.assertIn("conflicting DNS domain", self.refused("InvalidParameter", "kms", self.subnets[2:]))
        self.create("kms", self.subnets[2:], private_dns=False)
        self.ec2.delete_vpc_endpoints(VpcEndpointIds=[first])
        self.create("kms", self.subnets[2:])

    def test_service_that_the_region_does_not_offer_is_refused(self):
        self.assertIn("does not exist", self.refused("InvalidServiceName", "nosuch", self.subnets[:1]))

    def test_services_are_found_by_name_and_kind(self):
        names = [f"com.amazonaws.{REGION}.{service}" for service in ("s3", "redshift-serverless", "nosuch")]
        filters = [{"Name": "service-name", "Values": names}, {"Name": "service-type", "Values": ["Interface"]}]
        found = self.ec2.describe_vpc_endpoint_services(Filters=filters)["ServiceDetails"]
        self.assertEqual({it["ServiceName"] for it in found}, set(names[:2]))
        self.assertEqual({it["ServiceType"][0]["ServiceType"] for it in found}, {"Interface"})


if __name__ == "__main__":
    unittest.main()

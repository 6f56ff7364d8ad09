import io
import json
import tempfile
import unittest
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from aws_local.cloud_formation.custom_resource import CustomResourceFailedError, Functions
from aws_local.endpoint import Endpoint
from aws_local.server import Server
from deployment.environment import EXAMPLE, stub_dist, synthesize
from deployment.permissions import many
from deployment.recorded_endpoint import RecordedEndpoint, Request
from moto.ec2.models import EC2Backend

ACCOUNT = "123456789012"
REGION = "eu-central-1"
STACK = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/name/one"
PREFIX = f"com.amazonaws.{REGION}."


@dataclass(frozen=True)
class Vpc:
    """A VPC with two subnets, each with a route table of its own, and groups: ours, theirs, of endpoints."""

    id: str
    subnets: list[str]
    tables: list[str]
    groups: list[str]

    def named(self, text: str) -> str:
        """The text with ids told by their places."""
        for kind, ids in (("table", self.tables), ("group", self.groups)):
            for at, one in enumerate(ids):
                text = text.replace(one, f"{kind}-{at}")
        return text


class EndpointsOnEc2(unittest.TestCase):
    """The bundled function as CloudFormation calls it, a process a request, against moto's EC2."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.directory = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        server = Server(cls.directory)
        server.start()
        cls.addClassCleanup(server.stop)
        # The change that is refused, counted from 1; None for none.
        cls.refused: int | None = None
        cls.between = cls.enterClassContext(RecordedEndpoint(server.url, cls.refuses))
        endpoint = Endpoint(server.url, REGION)
        cls.ec2 = endpoint.client("ec2")
        assembly = synthesize(
            cls.directory, "example", json.loads(EXAMPLE.read_text()), stub_dist(cls.directory / "dist")
        )
        stack = assembly / "redshift-tenant-migration-example"
        cls.template = json.loads(Path(f"{stack}.template.json").read_text())
        files = json.loads(Path(f"{stack}.assets.json").read_text())["files"].values()
        (bundle,) = (assembly / it["source"]["path"] for it in files if it["source"]["packaging"] == "zip")
        cls.aws_lambda = endpoint.client("lambda")
        cls.function = create_function(endpoint, bundle)
        # The function itself reaches EC2 through the endpoint that can refuse.
        cls.functions = Functions(lambda region: Endpoint(cls.between.url, region), cls.directory)

    @classmethod
    def refuses(cls, request: Request) -> bool:
        return request.is_change and len(cls.between.changes) == cls.refused

    def setUp(self) -> None:
        self.refuse(None)

    def refuse(self, change: int | None) -> None:
        """Refuses this change of those to come."""
        self.between.requests.clear()
        type(self).refused = change

    def vpc(self) -> Vpc:
        """A new one, so that no test sees what another left."""
        vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets, tables = [], []
        for at, zone in enumerate("ab"):
            placed = {"CidrBlock": f"10.0.{at}.0/24", "AvailabilityZone": f"{REGION}{zone}"}
            subnets.append(self.ec2.create_subnet(VpcId=vpc, **placed)["Subnet"]["SubnetId"])
            tables.append(self.ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"])
            self.ec2.associate_route_table(RouteTableId=tables[-1], SubnetId=subnets[-1])
        groups = [
            self.ec2.create_security_group(VpcId=vpc, GroupName=name, Description=name)["GroupId"]
            for name in ("ours", "theirs", "endpoints")
        ]
        return Vpc(vpc, subnets, tables, groups)

    def there_already(self, vpc: Vpc, service: str) -> None:
        """An endpoint that somebody else made: of S3 with a way from the second subnet."""
        if service == "s3":
            placement = {"VpcEndpointType": "Gateway", "RouteTableIds": vpc.tables[1:]}
        else:
            placement = {"VpcEndpointType": "Interface", "SecurityGroupIds": vpc.groups[1:2], "PrivateDnsEnabled": True}
            placement["SubnetIds"] = vpc.subnets[:1]
        self.ec2.create_vpc_endpoint(VpcId=vpc.id, ServiceName=PREFIX + service, **placement)

    def ask(
        self,
        kind: str,
        vpc: Vpc,
        services: list[str],
        subnets: int = 2,
        *,
        endpoints: str = "create",
        **more: Any,
    ) -> str:
        """What CloudFormation asks when a stack is created, updated or deleted; returns the resource's id."""
        properties = {
            "ServiceToken": self.function,
            "VpcId": vpc.id,
            "SubnetIds": vpc.subnets[:subnets],
            "SecurityGroupId": vpc.groups[0],
            "EndpointsSecurityGroupId": vpc.groups[2],
            "AccountId": ACCOUNT,
            "Endpoints": endpoints,
            "InterfaceServices": [PREFIX + service for service in services],
            "GatewayServices": [f"{PREFIX}s3"],
        }
        event = {
            "RequestType": kind,
            "StackId": STACK,
            "RequestId": "r",
            "LogicalResourceId": "Endpoints",
        } | more
        return self.functions.request(ACCOUNT, REGION, properties, event)["PhysicalResourceId"]

    def there(self, vpc: Vpc) -> dict[str, tuple[Any, ...]]:
        """Of each service: security groups, route tables and tags of its endpoint, the same for every VPC."""
        filters = [{"Name": "vpc-id", "Values": [vpc.id]}]
        found = self.ec2.describe_vpc_endpoints(Filters=filters)["VpcEndpoints"]
        return {
            it["ServiceName"].removeprefix(PREFIX): (
                sorted(vpc.named(group["GroupId"]) for group in it.get("Groups", [])),
                sorted(vpc.named(table) for table in it.get("RouteTableIds", [])),
                {vpc.named(tag["Key"]): vpc.named(tag["Value"]) for tag in it.get("Tags", [])},
            )
            for it in found
            if it["State"] == "available"
        }

    def uses(self, vpc: Vpc) -> dict[str, str]:
        """Whether the stack created the endpoint of a service, or joined it, or has nothing to do with it."""
        kinds = {}
        for service, (groups, _, tags) in self.there(vpc).items():
            ours = any(":use:" in key for key in tags)
            created = "redshift-tenant-migration:created" in tags
            self.assertEqual("group-0" in groups, ours and not created and service != "s3", service)
            self.assertEqual("group-2" in groups, created and service != "s3", service)
            kinds[service] = "created" if created else "joined" if ours else "left"
        return kinds

    def test_update_creates_joins_and_leaves_what_the_new_list_of_services_says(self):
        vpc = self.vpc()
        for service in ("kms", "ssm", "s3"):
            self.there_already(vpc, service)
        before = self.there(vpc)
        first = self.ask("Create", vpc, ["kms", "sts", "logs"])
        self.assertEqual(
            self.uses(vpc), {"kms": "joined", "ssm": "left", "s3": "joined", "sts": "created", "logs": "created"}
        )
        again = self.ask("Update", vpc, ["ssm", "glue", "logs"], PhysicalResourceId=first)
        # The same id: CloudFormation deletes nothing afterwards.
        self.assertEqual(again, first)
        self.assertEqual(
            self.uses(vpc), {"kms": "left", "ssm": "joined", "s3": "joined", "glue": "created", "logs": "created"}
        )
        self.assertEqual(self.there(vpc)["kms"], before["kms"])
        self.ask("Delete", vpc, ["ssm", "glue", "logs"], PhysicalResourceId=first)
        self.assertEqual(self.there(vpc), before)

    def test_update_gives_the_gateway_the_routes_of_the_new_list_of_subnets(self):
        for kind in ("joined", "created"):
            vpc = self.vpc()
            if kind == "joined":
                self.there_already(vpc, "s3")
            before = self.there(vpc)
            kept = ["table-1"] if kind == "joined" else []
            for subnets in (1, 2, 1):
                self.ask("Create" if not self.uses(vpc).get("sts") else "Update", vpc, ["sts"], subnets)
                self.assertEqual(self.uses(vpc), {"s3": kind, "sts": "created"})
                self.assertEqual(
                    self.there(vpc)["s3"][1], sorted({*["table-0", "table-1"][:subnets], *kept}), (kind, subnets)
                )
            self.ask("Delete", vpc, ["sts"], 1)
            self.assertEqual(self.there(vpc), before)

    def test_update_that_changes_nothing_asks_for_no_change(self):
        vpc = self.vpc()
        self.there_already(vpc, "kms")
        self.ask("Create", vpc, ["kms", "sts"])
        before = self.there(vpc)
        self.refuse(None)
        self.ask("Update", vpc, ["kms", "sts"])
        self.assertEqual((self.there(vpc), self.between.changes), (before, []))

    def test_update_that_fails_anywhere_is_rolled_back_or_repeated_as_if_it_had_not(self):
        old, new = ["kms", "sts"], ["ssm", "logs"]
        changes = 0
        refused = None
        while refused is None or refused <= changes:
            vpc = self.vpc()
            for service in ("kms", "ssm"):
                self.there_already(vpc, service)
            self.ask("Create", vpc, old, 1)
            before = self.there(vpc)
            self.refuse(refused)
            if refused is None:
                self.ask("Update", vpc, new)
                changes, refused = len(self.between.changes), 1
                expected = self.there(vpc)
                continue
            with self.assertRaisesRegex(CustomResourceFailedError, f"endpoints of {vpc.id}: refused by the test"):
                self.ask("Update", vpc, new)
            self.refuse(None)
            # CloudFormation asks for what was there before; who repairs what was in the way deploys again.
            self.ask("Update", vpc, old, 1)
            self.assertEqual(self.there(vpc), before, f"rolled back from change {refused}")
            self.ask("Update", vpc, new)
            self.assertEqual(self.there(vpc), expected, f"repeated after change {refused}")
            refused += 1
        self.assertGreaterEqual(changes, 8)

    def test_created_endpoints_let_in_all_of_the_vpc_and_only_principals_of_the_account(self):
        vpc = self.vpc()
        self.ec2.associate_vpc_cidr_block(VpcId=vpc.id, CidrBlock="10.1.0.0/16")
        self.there_already(vpc, "kms")
        self.ask("Create", vpc, ["kms", "sts"])
        admitted = {group["GroupId"]: group["IpPermissions"] for group in self.groups(vpc)}
        (rule,) = admitted[vpc.groups[2]]
        self.assertEqual((rule["IpProtocol"], rule["FromPort"], rule["ToPort"]), ("tcp", 443, 443))
        self.assertEqual({it["CidrIp"] for it in rule["IpRanges"]}, {"10.0.0.0/16", "10.1.0.0/16"})
        self.assertEqual((admitted[vpc.groups[0]], admitted[vpc.groups[1]]), ([], []))
        policies = {it["ServiceName"].removeprefix(PREFIX): it.get("PolicyDocument") for it in self.described(vpc)}
        (statement,) = json.loads(policies["sts"])["Statement"]
        self.assertEqual(statement["Condition"], {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}})
        self.assertNotIn("Condition", policies["s3"] or "")

    def test_created_endpoints_stand_in_the_zones_that_offer_their_service(self):
        vpc = self.vpc()
        with self.offered("sts", f"{REGION}b"):
            self.ask("Create", vpc, ["kms", "sts"])
        subnets = {it["ServiceName"].removeprefix(PREFIX): it.get("SubnetIds", []) for it in self.described(vpc)}
        self.assertEqual((len(subnets["kms"]), subnets["sts"]), (2, vpc.subnets[1:]))
        other = self.vpc()
        with (
            self.offered("sts", f"{REGION}c"),
            self.assertRaisesRegex(CustomResourceFailedError, rf"sts is offered in {REGION}c and in no zone"),
        ):
            self.ask("Create", other, ["kms", "sts"])
        with self.assertRaisesRegex(CustomResourceFailedError, "the Region does not offer com.amazonaws.*nosuch"):
            self.ask("Create", other, ["kms", "nosuch"])
        self.assertEqual(self.there(other), {})

    def test_second_subnet_of_a_zone_is_left_out(self):
        vpc = self.vpc()
        placed = {"CidrBlock": "10.0.9.0/24", "AvailabilityZone": f"{REGION}a"}
        vpc.subnets.insert(1, self.ec2.create_subnet(VpcId=vpc.id, **placed)["Subnet"]["SubnetId"])
        self.ask("Create", vpc, ["kms"], 2)
        self.assertEqual(self.uses(vpc), {"kms": "created", "s3": "created"})

    def test_joining_stack_creates_nothing_and_names_what_is_missing(self):
        vpc = self.vpc()
        self.there_already(vpc, "kms")
        before = self.there(vpc)
        with self.assertRaisesRegex(CustomResourceFailedError, r"is join, and .*\.sts \(interface.*\.s3 \(gateway\)"):
            self.ask("Create", vpc, ["kms", "sts"], endpoints="join")
        self.assertEqual(self.there(vpc), before)
        self.there_already(vpc, "sts")
        self.there_already(vpc, "s3")
        self.ask("Create", vpc, ["kms", "sts"], endpoints="join")
        self.assertEqual(self.uses(vpc), dict.fromkeys(("kms", "sts", "s3"), "joined"))

    def test_function_that_has_no_time_left_says_what_is_not_done(self):
        vpc = self.vpc()
        self.ask("Create", vpc, ["kms", "sts"])
        # A minute of it is kept for the answer.
        self.give(66)
        self.addCleanup(self.give, 120)
        with (
            patch.object(EC2Backend, "delete_vpc_endpoints", leave),
            self.assertRaisesRegex(CustomResourceFailedError, "out of time: still being deleted: vpce-.*, vpce-"),
        ):
            self.ask("Delete", vpc, ["kms", "sts"])

    def give(self, seconds: int) -> None:
        """Gives the function this time for a request."""
        self.aws_lambda.update_function_configuration(FunctionName="endpoints", Timeout=seconds)

    @staticmethod
    @contextmanager
    def offered(service: str, *zones: str) -> Iterator[None]:
        """Offers a service in these zones alone, as EC2 does in some Regions."""
        offers = EC2Backend._collect_default_endpoint_services(ACCOUNT, REGION)
        (offer,) = (it for it in offers if it["ServiceName"] == PREFIX + service)
        with patch.dict(offer, AvailabilityZones=list(zones)):
            yield

    def described(self, vpc: Vpc) -> list[dict[str, Any]]:
        return self.ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [vpc.id]}])["VpcEndpoints"]

    def groups(self, vpc: Vpc) -> list[dict[str, Any]]:
        return self.ec2.describe_security_groups(GroupIds=vpc.groups)["SecurityGroups"]

    def test_function_calls_nothing_that_its_role_does_not_allow(self):
        policies = [
            it["Properties"]["PolicyDocument"]["Statement"]
            for name, it in self.template["Resources"].items()
            if name.startswith("NetworkEndpointsRoleDefaultPolicy")
        ]
        allowed = {action for statements in policies for it in statements for action in many(it["Action"])}
        vpc = self.vpc()
        self.there_already(vpc, "kms")
        self.there_already(vpc, "s3")
        self.ask("Create", vpc, ["kms", "sts"])
        self.ask("Update", vpc, ["kms"], 1)
        self.ask("Delete", vpc, ["kms"], 1)
        called = {f"{it.service}:{it.action}" for it in self.between.requests}
        self.assertGreaterEqual(len(called), 12)
        self.assertLessEqual(called, allowed)


def leave(backend: Any, vpce_ids: list[str]) -> None:
    """Begins to delete, and never ends."""
    for one in vpce_ids:
        backend.vpc_end_points[one].state = "deleting"


def create_function(endpoint: Endpoint, bundle: Path) -> str:
    """The function with this code; returns its ARN."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.write(bundle / "index.js", "index.js")
    trust = {"Version": "2012-10-17", "Statement": []}
    role = endpoint.client("iam").create_role(RoleName="role", AssumeRolePolicyDocument=json.dumps(trust))["Role"][
        "Arn"
    ]
    created = endpoint.client("lambda").create_function(
        FunctionName="endpoints",
        Runtime="nodejs22.x",
        Role=role,
        Handler="index.handler",
        Code={"ZipFile": code.getvalue()},
        # More than the function keeps for its answer.
        Timeout=120,
    )
    return created["FunctionArn"]


if __name__ == "__main__":
    unittest.main()

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from aws_local.assembly import bootstrap
from aws_local.endpoint import Endpoint
from deployment.environment import CDK, EXAMPLE, create_network, stub_dist
from deployment.permissions import Call, allows
from deployment.recorded_endpoint import RecordedEndpoint, Request

ACCOUNT = "123456789012"
REGION = "eu-central-1"
STACK = "redshift-tenant-migration-dev"


class CdkCommandLine(unittest.TestCase):
    """`cdk deploy` and `cdk destroy` as the README has them, by somebody who may not assume the bootstrap's roles."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.directory = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.endpoint = Endpoint(cls.serve(), REGION)
        cls.between = cls.enterClassContext(RecordedEndpoint(cls.endpoint.url, lambda it: it.action == "AssumeRole"))
        bootstrap(cls.endpoint)
        cls.create_network()
        cls.write_environment("a", "b")
        cls.context = [
            *("-c", "env=dev"),
            *("-c", f"environments={cls.directory / 'environments'}"),
            *("-c", f"dist={stub_dist(cls.directory / 'dist')}"),
        ]
        printed = cls.run_in_cdk("npm", "run", "--silent", "deployment-policy", "--", *cls.context)
        cls.deploying = [json.loads(printed)["deploying"]]

    @classmethod
    def serve(cls) -> str:
        """Starts an endpoint, as a process of its own: what moto warns of is not of interest here."""
        command = [
            sys.executable,
            "-m",
            "aws_local",
            "serve",
            "--directory",
            str(cls.directory),
            "--until-stdin-closes",
        ]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        server = cls.enterClassContext(subprocess.Popen(command, text=True, **pipes))
        port = server.stdout.readline().strip().removeprefix("ready port=")
        return f"http://127.0.0.1:{port}"

    @classmethod
    def write_environment(cls, *zones: str) -> None:
        """The environment's file, with a subnet in each of these zones."""
        content = json.loads(EXAMPLE.read_text())
        # The ids as a parameter holds them.
        ids, name = ",".join(cls.subnets[zone] for zone in zones), f"{cls.parameter}/subnets"
        cls.endpoint.client("ssm").put_parameter(Name=name, Value=ids, Type="StringList", Overwrite=True)
        subnets = {"parameter": f"ssm:{name}", "availabilityZones": [REGION + zone for zone in zones]}
        content["network"] |= {"vpcId": f"ssm:{cls.parameter}", "subnets": subnets}
        content["warehouses"] = [it | {"reachedAt": "10.20.0.0/24"} for it in content["warehouses"]]
        directory = cls.directory / "environments"
        directory.mkdir(exist_ok=True)
        (directory / "dev.json").write_text(json.dumps(content))

    @classmethod
    def create_network(cls) -> None:
        """A VPC with a subnet in each of two zones, the second of which has a route table of its own."""
        ec2 = cls.endpoint.client("ec2")
        cls.parameter, first = create_network(cls.endpoint)
        vpc = cls.parameter.rpartition("/")[2]
        placed = {"CidrBlock": "10.0.2.0/24", "AvailabilityZone": f"{REGION}b"}
        second = ec2.create_subnet(VpcId=vpc, **placed)["Subnet"]["SubnetId"]
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.associate_route_table(RouteTableId=table, SubnetId=second)
        cls.subnets = {"a": first, "b": second}

    def ways_to_s3(self) -> list[int]:
        """How many route tables each gateway endpoint has."""
        found = self.endpoint.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
        return [len(it["RouteTableIds"]) for it in found if it["State"] == "available" and it["RouteTableIds"]]

    @classmethod
    def run_in_cdk(cls, *command: str) -> str:
        environment = {"PATH": os.environ["PATH"], "HOME": str(cls.directory), "CDK_DISABLE_CLI_TELEMETRY": "true"}
        environment |= Endpoint(cls.between.url, REGION).environment()
        ended = subprocess.run(command, cwd=CDK, env=environment, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise AssertionError(f"{command}: {ended.stdout}{ended.stderr}")
        return ended.stdout + ended.stderr

    def cdk(self, *command: str) -> list[Request]:
        """Runs it and returns what it asked AWS for, but for the roles that it may not assume."""
        self.between.requests.clear()
        assembly = str(self.directory / "cdk.out")
        said = self.run_in_cdk("npx", "cdk", *command, *self.context, "--output", assembly, "--no-notices")
        self.assertIn("Proceeding anyway", said)
        return [it for it in self.between.requests if it.service != "sts"]

    def status(self) -> str:
        """The stack's status."""
        stacks = self.endpoint.client("cloudformation").describe_stacks()["Stacks"]
        return stacks[0]["StackStatus"] if stacks else "gone"

    def test_deploys_updates_and_destroys_with_the_rights_of_who_deploys(self):
        requests = self.cdk("deploy", "--require-approval", "never")
        self.assertEqual((self.status(), self.ways_to_s3()), ("CREATE_COMPLETE", [2]))
        self.write_environment("a")
        requests += self.cdk("deploy", "--require-approval", "never")
        self.assertEqual((self.status(), self.ways_to_s3()), ("UPDATE_COMPLETE", [1]))
        requests += self.cdk("destroy", "--force")
        self.assertEqual((self.status(), self.ways_to_s3()), ("gone", []))
        for action in ("PutObject", "CreateChangeSet", "ExecuteChangeSet", "DeleteStack"):
            self.assertIn(action, [it.action for it in requests])
        for request in requests:
            for call in calls(request):
                self.assertTrue(allows(self.deploying, call), call)


def calls(request: Request) -> list[Call]:
    """What IAM decides on for a request of the CDK's command line."""
    action, parameters = f"{request.service}:{request.action}", request.parameters
    match request.service:
        case "s3":
            return [Call(action, f"arn:aws:s3:::{request.path.strip('/')}")]
        case "ssm":
            return [Call(action, f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{parameters['Name']}")]
        case "cloudformation":
            stack = parameters["StackName"]
            whole = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{stack}/0a1b2c3d-0000-4000-8000-000000000000"
            made = [Call(action, stack if stack.startswith("arn:") else whole)]
            if "RoleARN" in parameters:
                passed = {"iam:PassedToService": "cloudformation.amazonaws.com"}
                made.append(Call("iam:PassRole", parameters["RoleARN"], passed))
            return made
    raise ValueError(f"{action}: say what it is about")


if __name__ == "__main__":
    unittest.main()

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any

from deployment.environment import CDK, EXAMPLE, stub_dist, synthesize
from deployment.permissions import Call, actions, allows, many
from deployment.registry import known, needed

ACCOUNT = "123456789012"
REGION = "eu-central-1"
NAME = "pre-production"
STACK = f"redshift-tenant-migration-{NAME}"
TAG = "redshift-tenant-migration:environment"
# Of a managed policy, without white space (IAM User Guide, "IAM and AWS STS quotas").
MOST_CHARACTERS = 6_144
RANDOM = "1A2B3C4D5E6F7"
# These know no resources, or no resource that is known before (Service Authorization Reference).
WITHOUT_RESOURCES = {
    "ec2:DescribeInstances",
    "ec2:DescribeSecurityGroupRules",
    "ec2:DescribeSecurityGroups",
    "glue:CreateSecurityConfiguration",
    "glue:DeleteSecurityConfiguration",
    "glue:GetSecurityConfiguration",
    "kms:CreateKey",
    "logs:DescribeIndexPolicies",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "sns:GetSubscriptionAttributes",
    "sns:SetSubscriptionAttributes",
    "sns:Unsubscribe",
}
# What no type of the registry needs: the call of a custom resource's function, and the stack's parameters.
BESIDE_THE_REGISTRY = {"lambda:InvokeFunction", "ssm:GetParameters"}
# Which service takes the role that a resource of this type is given.
PASSED_TO = {
    "AWS::Glue::Job": "glue.amazonaws.com",
    "AWS::Lambda::Function": "lambda.amazonaws.com",
    "AWS::StepFunctions::StateMachine": "states.amazonaws.com",
}


def arn(service: str, resource: str, region: str = REGION, account: str = ACCOUNT) -> str:
    return f"arn:aws:{service}:{region}:{account}:{resource}"


def role(name: str, environment: str = NAME) -> str:
    return arn("iam", f"role/redshift-tenant-migration/{environment}/{name}", "")


def generated(logical_id: str, most: int = 255) -> list[str]:
    """The names that CloudFormation may make: with the stack's name, which is cut where it must be, and without."""
    rest = f"-{logical_id[:24] if len(STACK) + len(logical_id) > most - 15 else logical_id}-{RANDOM}"
    return [STACK[: most - len(rest)] + rest, f"{logical_id}-{RANDOM[:12]}"]


# The service, what stands before the name, and how many characters the name may have.
NAMED = {
    "AWS::CloudWatch::Alarm": ("cloudwatch", "alarm:", 255),
    "AWS::Events::Rule": ("events", "rule/", 64),
    "AWS::Glue::Connection": ("glue", "connection/", 255),
    "AWS::Glue::Job": ("glue", "job/", 255),
    "AWS::Lambda::Function": ("lambda", "function:", 64),
    "AWS::Logs::LogGroup": ("logs", "log-group:", 512),
    "AWS::SNS::Subscription": ("sns", "", 256),
    "AWS::SNS::Topic": ("sns", "", 256),
    "AWS::SNS::TopicPolicy": ("sns", "", 256),
    "AWS::StepFunctions::StateMachine": ("states", "stateMachine:", 80),
}


def arns_of(logical_id: str, resource_type: str) -> list[str]:
    """How a resource of the stack may be named on AWS."""
    if resource_type in NAMED:
        service, before, most = NAMED[resource_type]
        return [arn(service, before + name) for name in generated(logical_id, most)]
    match resource_type.split("::")[1:]:
        case ["CloudWatch", "Dashboard"]:
            return [arn("cloudwatch", f"dashboard/{name}", "") for name in generated(logical_id)]
        case ["EC2", _]:
            return [arn("ec2", "security-group/sg-0a1b2c3d4e5f60718")]
        case ["IAM", _]:
            return [role(generated(logical_id, 64)[0])]
        case ["KMS", _]:
            return [arn("kms", "key/0a1b2c3d-0000-4000-8000-000000000000")]
        case ["S3", _]:
            return [f"arn:aws:s3:::{generated(logical_id, 63)[0].lower()}"]
    raise ValueError(f"{resource_type}: say how AWS names it")


def referred(properties: dict[str, Any], logical_id: str) -> str:
    """The resource that a policy or a subscription is for."""
    for name in ("Bucket", "TopicArn"):
        if name in properties:
            return properties[name]["Ref"]
    return properties["Topics"][0]["Ref"] if "Topics" in properties else logical_id


def calls(logical_id: str, resource: dict[str, Any]) -> list[Call]:
    """What CloudFormation calls for a resource, by the registry."""
    kind, properties = resource["Type"], resource.get("Properties", {})
    context = {f"aws:{of}Tag/{TAG}": NAME for of in ("Request", "Resource")} | {
        "ec2:CreateAction": "CreateSecurityGroup",
        "iam:PassedToService": PASSED_TO.get(kind, "nobody"),
    }
    bounded = not kind.endswith("::SecurityConfiguration")
    theirs = arns_of(referred(properties, logical_id), kind) if bounded else []
    if "LogGroupName" in properties:
        theirs = [arn("logs", f"log-group:{properties['LogGroupName']}")]
    if isinstance(properties.get("GroupId"), str):
        theirs = [arn("ec2", f"security-group/{properties['GroupId']}")]
        del context[f"aws:ResourceTag/{TAG}"]
    made = []
    for action in needed(REGION, resource):
        service = action.partition(":")[0]
        if action in WITHOUT_RESOURCES:
            on = ["*"]
        elif action == "cloudwatch:DescribeAlarms":
            on = [arn("cloudwatch", "alarm:*")]
        elif kind == "AWS::IAM::ManagedPolicy":
            on = [arn("iam", f"policy/redshift-tenant-migration/{NAME}/{generated(logical_id, 128)[0]}", "")]
        elif service == "iam":
            on = [role(f"{STACK[:25]}-RolesmigrateschemaRoleCE-{RANDOM}")]
        elif service == "s3" and "Code" in properties:
            on = [f"arn:aws:s3:::{properties['Code']['S3Bucket']}/{properties['Code']['S3Key']}"]
        elif action == "ec2:CreateSecurityGroup":
            on = [*theirs, arn("ec2", "vpc/vpc-0a1b2c3d4e5f60718")]
        else:
            on = theirs
        made += [Call(action, it, context) for it in on]
    return made


class DeploymentPolicy(unittest.TestCase):
    """What `npm run deployment-policy` prints, held to the CloudFormation registry and to what it must not allow."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.directory = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        dist = stub_dist(cls.directory / "dist")
        content = json.loads(EXAMPLE.read_text())
        content["operations"]["email"] = "operators@example.com"
        assembly = synthesize(cls.directory, NAME, content, dist)
        cls.template = json.loads((assembly / f"{STACK}.template.json").read_text())
        cls.context = {"env": NAME, "environments": str(cls.directory / "environments"), "dist": str(dist)}
        cls.policy = json.loads(cls.print_policy())
        cls.execution = cls.policy["execution"]

    @classmethod
    def print_policy(cls, *more: str) -> str:
        options = [word for key, value in cls.context.items() for word in ("-c", f"{key}={value}")]
        command = ["npm", "run", "--silent", "deployment-policy", "--", *options, *more]
        environment = {"PATH": os.environ["PATH"], "HOME": str(cls.directory)}
        return subprocess.run(command, cwd=CDK, env=environment, capture_output=True, text=True, check=True).stdout

    def resources(self) -> dict[str, dict[str, Any]]:
        """Those that the registry knows."""
        every = self.template["Resources"].items()
        return {name: it for name, it in every if not it["Type"].startswith(("Custom::", "AWS::CDK::"))}

    def test_everything_that_cloudformation_calls_is_allowed(self):
        made = [call for name, it in self.resources().items() for call in calls(name, it)]
        self.assertGreater(len(made), 300)
        refused = {(call.action, call.resource) for call in made if not allows(self.execution, call)}
        self.assertEqual(refused, set())

    def test_function_behind_the_custom_resource_may_be_called_and_parameters_be_read(self):
        (function,) = (name for name, it in self.resources().items() if it["Type"] == "AWS::Lambda::Function")
        on = arns_of(function, "AWS::Lambda::Function")[0]
        self.assertTrue(allows(self.execution, Call("lambda:InvokeFunction", on)))
        names = [it["Default"] for it in self.template["Parameters"].values()]
        self.assertEqual(len(names), 2)
        for name in names:
            for documents in (self.execution, [self.policy["deploying"]]):
                self.assertTrue(allows(documents, Call("ssm:GetParameters", arn("ssm", f"parameter{name}"))))

    def test_nothing_is_allowed_that_no_resource_of_the_template_needs(self):
        types = {it["Type"] for it in self.resources().values()}
        registered = {permission for it in types for permission in known(REGION, it)}
        self.assertEqual(actions(self.execution) - registered - BESIDE_THE_REGISTRY, set())

    def test_only_actions_without_resources_are_allowed_on_everything(self):
        for document in (*self.execution, self.policy["deploying"]):
            for statement in document["Statement"]:
                self.assertFalse([it for it in many(statement["Action"]) if "*" in it])
                if "*" in many(statement["Resource"]):
                    self.assertLessEqual(set(many(statement["Action"])), WITHOUT_RESOURCES)

    def test_nothing_of_others_is_reached(self):
        tagged_else = {f"aws:ResourceTag/{TAG}": "production", f"aws:RequestTag/{TAG}": "production"}
        passed = {"iam:PassedToService": "lambda.amazonaws.com"}
        key = arn("kms", "key/0a1b2c3d-0000-4000-8000-00000000000f")
        group = arn("ec2", "security-group/sg-0fffffffffffffff0")
        for call in (
            Call("iam:PutRolePolicy", role("any", "production")),
            Call("iam:PutRolePolicy", arn("iam", "role/Admin", "")),
            Call("iam:AttachRolePolicy", role("any")),
            Call("iam:CreatePolicyVersion", arn("iam", "policy/theirs", "")),
            Call("iam:AttachRolePolicy", role("any"), {"iam:PolicyARN": arn("iam", "policy/any", "")}),
            Call("iam:CreateUser", arn("iam", "user/any", "")),
            Call("iam:PassRole", role("any", "production"), passed),
            Call("iam:PassRole", arn("iam", "role/Admin", ""), passed),
            Call("iam:PassRole", role("any"), {"iam:PassedToService": "ec2.amazonaws.com"}),
            Call("iam:PassRole", role("any")),
            Call("kms:ScheduleKeyDeletion", key, tagged_else),
            Call("kms:ScheduleKeyDeletion", key),
            Call("kms:Decrypt", key),
            Call("kms:CreateKey", "*", tagged_else),
            Call("ec2:AuthorizeSecurityGroupIngress", group, tagged_else),
            Call("ec2:DeleteSecurityGroup", group),
            Call("ec2:CreateTags", group, {"ec2:CreateAction": "RunInstances"}),
            Call("s3:PutBucketPolicy", "arn:aws:s3:::theirs"),
            Call("s3:GetObject", f"arn:aws:s3:::{generated('DataBucketE6B0FAA8', 63)[0].lower()}/runs/a"),
            # Ours may be, when a first deployment is rolled back: S3 deletes no bucket that holds anything.
            Call("s3:DeleteBucket", "arn:aws:s3:::theirs"),
            Call("s3:PutObject", f"arn:aws:s3:::cdk-hnb659fds-assets-{ACCOUNT}-{REGION}/a"),
            Call("glue:UpdateJob", arn("glue", "job/theirs")),
            Call("lambda:UpdateFunctionCode", arn("lambda", "function:theirs")),
            Call("logs:DeleteLogGroup", arn("logs", "log-group:/aws-glue/jobs/output")),
            Call("ssm:GetParameters", arn("ssm", "parameter/another")),
            Call("secretsmanager:GetSecretValue", arn("secretsmanager", "secret:warehouse/old-AbCdEf")),
        ):
            self.assertFalse(allows(self.execution, call), call)

    def test_who_deploys_reaches_this_stack_and_the_assets_alone(self):
        deploying = [self.policy["deploying"]]
        stack = arn("cloudformation", f"stack/{STACK}/0a1b2c3d-0000-4000-8000-000000000000")
        assets = f"arn:aws:s3:::cdk-hnb659fds-assets-{ACCOUNT}-{REGION}/a.zip"
        execution = arn("iam", f"role/cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-{REGION}", "")
        passed = {"iam:PassedToService": "cloudformation.amazonaws.com"}
        for call in (
            Call("cloudformation:CreateChangeSet", stack),
            Call("cloudformation:DeleteStack", stack),
            Call("s3:PutObject", assets),
            Call("iam:PassRole", execution, passed),
        ):
            self.assertTrue(allows(deploying, call), call)
        for call in (
            Call("cloudformation:DeleteStack", stack.replace(NAME, "production")),
            Call("cloudformation:DeleteStack", stack.replace(f"{NAME}/", f"{NAME}-2/")),
            Call("s3:PutObject", "arn:aws:s3:::theirs/a.zip"),
            Call("iam:PassRole", execution),
            Call("iam:PassRole", role("any"), passed),
        ):
            self.assertFalse(allows(deploying, call), call)

    def test_each_fits_a_managed_policy(self):
        for document in (*self.execution, self.policy["deploying"]):
            self.assertLessEqual(len(json.dumps(document, separators=(",", ":"))), MOST_CHARACTERS)

    def test_files_are_written_for_the_commands_that_are_printed(self):
        directory = self.directory / "policies"
        printed = self.print_policy("--directory", str(directory)).splitlines()
        files = sorted(it.name for it in directory.iterdir())
        documents = [json.loads(it.read_text()) for it in sorted(directory.iterdir())]
        self.assertEqual(documents, [self.policy["deploying"], *self.execution])
        *create, bootstrap = printed
        self.assertEqual([line.rpartition("/")[2] for line in create], [*files[1:], files[0]])
        arns = [arn("iam", f"policy/{STACK}-execution-{at + 1}", "") for at in range(len(self.execution))]
        self.assertEqual(
            bootstrap,
            f"npx cdk bootstrap aws://{ACCOUNT}/{REGION} --cloudformation-execution-policies {','.join(arns)}",
        )


if __name__ == "__main__":
    unittest.main()

import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deployment.deployed import TABLES, DeployedTest
from deployment.environment import deploy_environment, synthesize
from deployment.executions import Ended


class Deployed(DeployedTest):
    """What goes well, and what is refused before it begins."""

    def test_template_is_clean_by_cfn_lint(self):
        template = self.environment.assembly / f"{self.environment.deployed.name}.template.json"
        lint = [Path(sys.executable).with_name("cfn-lint"), template]
        checked = subprocess.run(lint, capture_output=True, text=True, check=False)
        self.assertEqual((checked.returncode, checked.stdout), (0, ""), checked.stderr)

    def test_bad_input_ends_in_the_first_state_with_all_that_is_wrong(self):
        ended = self.execute_with({"SCHEMAS": "", "TARGET_SECRET_ARN": "arn:other", "TABLES": 1, "tables": 2})
        self.assertEqual((ended.status, ended.error), ("FAILED", "BadInput"))
        self.assertEqual(ended.states, ["CheckInput", "RefuseInput"])
        for said in (
            "unknown: TABLES",
            "TENANT_NAME is missing",
            "SCHEMAS is missing or no text",
            "SOURCE_SECRET_ARN is missing",
            "TARGET_SECRET_ARN is none of this environment's secrets",
            "tables are no list of a retry file",
        ):
            self.assertIn(said, ended.cause)

    def test_dry_run_stops_after_the_plan(self):
        self.empty_target()
        ended = self.execute(DRY_RUN=True)
        self.assertEqual(ended.status, "SUCCEEDED", ended.cause)
        self.assertNotIn("MigrateTables", ended.states)
        self.assertEqual(ended.output["status"], "planned")
        self.assertEqual(ended.output["ledger"], self.folder(ended.name))
        self.assertIn(f"{self.folder(ended.name)}plan.sql", self.keys(self.folder(ended.name)))
        self.assertRegex(self.report(ended.name)["summary"], r"planned \d+ steps, nothing was changed")
        self.assertEqual(self.run_sql(self.target, "SELECT nspname FROM pg_namespace WHERE nspname = 'harbour';"), [])

    def test_whole_tenant_arrives(self):
        self.empty_target()
        ended = self.execute()
        self.assertEqual(ended.status, "SUCCEEDED", ended.cause)
        self.assertEqual((ended.output["status"], ended.output["retry_file"]), ("finished", None))
        self.assert_arrived()
        self.assertEqual(self.keys("unload/"), [])
        self.assert_told(ended)

    def test_two_tenants_migrate_at_once(self):
        self.empty_target()
        inputs = [self.input(), self.input(TENANT_NAME="lighthouse", SCHEMAS="quay")]
        with ThreadPoolExecutor() as pool:
            both = list(pool.map(self.execute_with, inputs))
        self.assertEqual([ended.status for ended in both], ["SUCCEEDED"] * 2, [ended.cause for ended in both])
        self.assert_arrived()
        self.assertEqual(self.rows(self.target, "quay.crane"), 2)
        self.assertTrue(self.keys(f"runs/lighthouse/{both[1].name}/"))
        self.assertTrue(self.keys("migration-reports/lighthouse/"))

    def test_another_environment_shares_the_endpoints_and_leaves_only_its_data(self):
        ec2, environment = self.endpoint.client("ec2"), self.environment
        assembly = synthesize(environment.directory, "other", environment.content, environment.dist)
        before = self.endpoints()
        other = deploy_environment(environment.stack, assembly, "other")
        joined = self.endpoints()
        self.assertEqual(joined.keys(), before.keys())
        self.assertEqual([len(uses) for uses in joined.values()], [2] * len(before))
        self.endpoint.client("cloudformation").delete_stack(StackName=other.name)
        self.assertEqual(self.endpoints(), before)
        endpoints = ec2.describe_vpc_endpoints()["VpcEndpoints"]
        groups = {group["GroupId"] for it in endpoints for group in it.get("Groups", [])}
        self.assertEqual(len(groups), 1)
        buckets = {bucket["Name"] for bucket in self.endpoint.client("s3").list_buckets()["Buckets"]}
        self.assertIn(other.outputs["DataBucket"].removeprefix("s3://"), buckets)
        machines = self.endpoint.client("stepfunctions").list_state_machines()["stateMachines"]
        self.assertEqual([it["name"] for it in machines if other.name in it["name"]], [])

    def endpoints(self) -> dict[str, list[str]]:
        """The stacks that use each endpoint that is there."""
        found = self.endpoint.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
        uses = {it["VpcEndpointId"]: [tag["Key"] for tag in it["Tags"] if ":use:" in tag["Key"]] for it in found}
        return {it["VpcEndpointId"]: uses[it["VpcEndpointId"]] for it in found if it["State"] == "available"}

    def assert_told(self, ended: Ended) -> None:
        """The report's figures are those of the source; its times and costs are of this run's jobs."""
        report = self.report(ended.name)
        totals = report["totals"]
        self.assertEqual((totals["tables"], totals["succeeded"], totals["failed"]), (len(TABLES), len(TABLES), 0))
        names = {it["table"]: f'harbour."{it["table"].replace(chr(34), chr(34) * 2)}"' for it in report["succeeded"]}
        self.assertEqual(set(names), set(TABLES))
        counted = {table: self.rows(self.source, name) for table, name in names.items()}
        self.assertEqual({it["table"]: it["rows"] for it in report["succeeded"]}, counted)
        self.assertEqual(totals["rows"], sum(counted.values()))
        jobs = ["migrate-schema", "migrate-data", "refresh-views"]
        self.assertEqual([(it["job"], it["failed_runs"]) for it in report["durations"]], [(job, 0) for job in jobs])
        self.assertGreater(report["cost"]["dollars"], 0)
        self.assertIn("finished", self.text(ended.output["report"]))


if __name__ == "__main__":
    unittest.main()

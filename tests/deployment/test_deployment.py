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

    def test_exchanged_secrets_are_refused_before_any_job(self):
        given = self.input()
        source, target = given["SOURCE_SECRET_ARN"], given["TARGET_SECRET_ARN"]
        # Whatever is allowed besides.
        allowed = {"REPLACE": "all", "REVERSE": True, "NEW_WAREHOUSE": True, "SAME_WAREHOUSE": True}
        for more in ({}, allowed):
            ended = self.execute(SOURCE_SECRET_ARN=target, TARGET_SECRET_ARN=source, **more)
            self.assertEqual((ended.status, ended.error), ("FAILED", "BadInput"))
            self.assertEqual(ended.states, ["CheckInput", "RefuseInput"])
            self.assertIn("SOURCE_SECRET_ARN is a secret of the warehouse target, whose role is target", ended.cause)
            self.assertIn("TARGET_SECRET_ARN is a secret of the warehouse source, whose role is source", ended.cause)

    def test_values_that_no_job_takes_are_refused_before_any_job(self):
        ended = self.execute(VERIFY="all", RETRY=11, LOAD_THREADS="many", REVERSE="yes", REPLACE=True)
        self.assertEqual((ended.status, ended.error), ("FAILED", "BadInput"))
        self.assertEqual(ended.states, ["CheckInput", "RefuseInput"])
        for said in (
            "VERIFY is not one of none, count, checksum",
            "RETRY is not a whole number from 1 to 10",
            "LOAD_THREADS is not a whole number from 1 to 32",
            "REVERSE is neither true nor false",
            "REPLACE is no text",
        ):
            self.assertIn(said, ended.cause)

    def test_values_that_jobs_take_are_taken_as_texts_and_as_what_they_are(self):
        ended = self.execute(DRY_RUN="true", VERIFY="none", RETRY=1, LOAD_THREADS="32", REVERSE=False)
        self.assertEqual(ended.status, "SUCCEEDED", ended.cause)

    def test_job_that_is_started_by_hand_refuses_exchanged_secrets_and_changes_nothing(self):
        self.empty_target()
        migrated = self.execute()
        self.assertEqual(migrated.status, "SUCCEEDED", migrated.cause)
        # As after the tenant moved on: rows that a run in the wrong direction would replace by none.
        self.run_sql(self.target, "DELETE FROM harbour.tug;")
        given = self.input(REVERSE=True, NEW_WAREHOUSE=True, SAME_WAREHOUSE=True)
        source, target = given["SOURCE_SECRET_ARN"], given["TARGET_SECRET_ARN"]
        given |= {"SOURCE_SECRET_ARN": target, "TARGET_SECRET_ARN": source}
        # Not even a run's own list of warehouses counts.
        known = {"WAREHOUSES": "source=both:a,target=both:b"}
        for job, more in (
            ("migrate-schema", {"REPLACE": "all"}),
            ("migrate-data", {"REPLACE": "all", "FORCE": True, "TABLE_NAME": "harbour.tug"}),
            ("refresh-views", {}),
        ):
            with self.subTest(job):
                run = self.run_by_hand(job, **given, **more, **known)
                self.assertEqual(run["JobRunState"], "FAILED")
                self.assertIn("Command failed with exit code 2", run["ErrorMessage"])
                self.assertIn("exchange --SOURCE_SECRET_ARN and --TARGET_SECRET_ARN", run["ErrorMessage"])
                self.assertEqual(self.rows(self.source, "harbour.tug"), 1)
                self.assertEqual(self.rows(self.target, "harbour.tug"), 0)

    def test_dry_run_stops_after_the_plan(self):
        self.empty_target()
        ended = self.execute(DRY_RUN=True)
        self.assertEqual(ended.status, "SUCCEEDED", ended.cause)
        self.assertNotIn("MigrateTables", ended.states)
        self.assertEqual(ended.output["status"], "planned")
        self.assertEqual(ended.output["ledger"], self.folder(ended.name))
        self.assertIn(f"{self.folder(ended.name)}plan.sql", self.keys(self.folder(ended.name)))
        planned = ended.output["planned"]
        self.assertGreater(planned["now"], 0)
        # The materialized view.
        self.assertGreater(planned["after_data"], 0)
        self.assertIn(f"planned {sum(planned.values())} steps", self.report(ended.name)["summary"])
        self.assertEqual(self.run_sql(self.target, "SELECT nspname FROM pg_namespace WHERE nspname = 'harbour';"), [])

    def test_whole_tenant_arrives(self):
        self.empty_target()
        ended = self.execute()
        self.assertEqual(ended.status, "SUCCEEDED", ended.cause)
        self.assertEqual((ended.output["status"], ended.output["retry_file"]), ("finished", None))
        self.assert_arrived()
        self.assertEqual(self.keys("unload/"), [])
        self.assert_told(ended)

    def test_unloaded_rows_are_encrypted_with_the_key_of_the_bucket(self):
        self.empty_target()
        ended = self.execute(KEEP_UNLOADED=True)
        self.assertEqual(ended.status, "SUCCEEDED", ended.cause)
        s3, bucket, keys = self.endpoint.client("s3"), self.environment.bucket.name, self.keys("unload/")
        for key in keys:
            self.addCleanup(s3.delete_object, Bucket=bucket, Key=key)
        self.assertGreater(len(keys), len(TABLES))
        heads = [s3.head_object(Bucket=bucket, Key=key) for key in keys]
        (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
        default = rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
        said = {(it.get("ServerSideEncryption"), it.get("SSEKMSKeyId")) for it in heads}
        self.assertEqual(said, {("aws:kms", default)})

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

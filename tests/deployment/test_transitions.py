import unittest

from deployment.deployed import DeployedTest
from deployment.executions import Ended
from deployment.transitions import Charged, charged


class Transitions(DeployedTest):
    """What Step Functions charges for a migration: no more than 12 transitions and four for each Glue run."""

    def assert_few(self, ended: Ended, children: int) -> Charged:
        cost = charged(self.environment.bucket, ended)
        print(f"transitions: {cost.transitions} for {cost.glue_runs} Glue runs, {ended.status}")
        self.assertEqual(cost.children, children)
        self.assertLessEqual(cost.transitions, 12 + 4 * cost.glue_runs)
        return cost

    def test_migration_takes_few(self):
        self.empty_target()
        ended = self.execute()
        self.assertEqual(ended.status, "SUCCEEDED", ended.cause)
        self.assert_few(ended, children=1)

    def test_tables_that_fail_and_are_tried_again_take_few(self):
        self.spoil_target("vessel", "tide", "buoy")
        ended = self.execute()
        self.assertEqual(ended.error, "MigrationFailed")
        self.assert_few(ended, children=1)
        self.mend_target("vessel", "tide", "buoy")
        retried = self.execute_with({"RETRY_RUN": ended.name})
        self.assertEqual(retried.status, "SUCCEEDED", retried.cause)
        self.assert_few(retried, children=1)

    def test_job_that_fails_for_good_is_charged_once(self):
        ended = self.execute(SCHEMAS="no_such_schema")
        self.assertEqual(ended.status, "FAILED")
        cost = self.assert_few(ended, children=0)
        # That of the schema job and that of the report; one to the first state.
        self.assertEqual((cost.glue_runs, cost.transitions), (2, len(ended.states) + 1))

    def test_dry_run_and_bad_input_take_few(self):
        self.assert_few(self.execute(DRY_RUN=True), children=0)
        self.assert_few(self.execute_with({"SCHEMAS": "harbour"}), children=0)


if __name__ == "__main__":
    unittest.main()

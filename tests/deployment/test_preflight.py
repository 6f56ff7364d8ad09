"""`tools/preflight`: the schema job tries what a migration needs, and its findings are printed."""

import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

from deployment.deployed import DeployedTest

TOOL = Path(__file__).parents[2] / "tools/preflight"


class Preflight(DeployedTest):
    """Runs of the tool for the deployed environment."""

    def preflight(self, secrets: list[dict[str, object]] | None = None) -> tuple[int, list[str]]:
        """Runs it; gives its status and what it printed of findings and states."""
        file = self.environment.directory / "local.json"
        content = self.environment.content
        file.write_text(json.dumps(content | {"secrets": secrets or content["secrets"]}))
        path = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PREFLIGHT_PAUSE": "1"}
        ended = subprocess.run(
            [TOOL, file], env=path | self.endpoint.environment(), capture_output=True, text=True, check=False
        )
        self.assertEqual(ended.stderr, "")
        return ended.returncode, ended.stdout.splitlines()

    def test_what_holds_is_said_and_nothing_is_left(self) -> None:
        """Once the role is attached, which it says before."""
        before = self.keys("")
        status, printed = self.preflight()
        if status != 0:
            # No migration has attached the role yet.
            self.assertIn("attach the IAM role", printed[-1])
            self.execute()
            before = self.keys("")
            status, printed = self.preflight()
        self.assertEqual(status, 0, printed)
        self.assertEqual([line.split(":")[0] for line in printed[1:]], ["holds"] * 11, printed)
        self.assertEqual(self.keys(""), before)

    def test_what_fails_is_said_with_its_cause(self) -> None:
        """A secret that is not there hides nothing that does not need it."""
        secrets = [dict(it) for it in self.environment.content["secrets"]]
        secrets[1]["arn"] = f"{secrets[1]['arn'][:-6]}absent"
        status, printed = self.preflight(secrets)
        self.assertEqual(status, 1, printed)
        (failed,) = [line for line in printed if line.startswith("FAILS")]
        self.assertIn("the secret of the target is read", failed)
        self.assertTrue(any(line.startswith("holds: documents of") for line in printed), printed)
        self.assertIn("put this right first", printed[-1])


if __name__ == "__main__":
    unittest.main()

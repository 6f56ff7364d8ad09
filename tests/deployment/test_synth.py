import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from deployment.environment import CDK, stub_dist

# Nobody listens there: whoever asks for anything beyond this machine fails.
NOWHERE = "http://127.0.0.1:9"


class Synth(unittest.TestCase):
    """`cdk synth` of the example as the README has it."""

    def test_needs_neither_credentials_nor_a_network(self):
        with tempfile.TemporaryDirectory() as directory:
            dist = stub_dist(Path(directory) / "dist")
            command = ["npx", "cdk", "synth", "--quiet", "-c", "env=example", "-c", f"dist={dist}"]
            environment = {"PATH": os.environ["PATH"], "HOME": directory, "CDK_DISABLE_CLI_TELEMETRY": "true"}
            environment |= dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), NOWHERE)
            assembly = Path(directory) / "cdk.out"
            ended = subprocess.run(
                [*command, "--output", str(assembly)],
                cwd=CDK,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            self.assertEqual(ended.returncode, 0, ended.stderr)
            self.assertTrue((assembly / "redshift-tenant-migration-example.template.json").exists())


if __name__ == "__main__":
    unittest.main()

import os
import resource
import subprocess
import tempfile
import unittest
from pathlib import Path

from deployment.environment import CDK, stub_dist

MOST_SECONDS = 15.0
# Nobody listens there: whoever asks for anything beyond this machine fails.
NOWHERE = "http://127.0.0.1:9"


class Synth(unittest.TestCase):
    """`cdk synth` of the example as the README has it."""

    def test_takes_seconds_and_neither_credentials_nor_a_network(self):
        with tempfile.TemporaryDirectory() as directory:
            dist = stub_dist(Path(directory) / "dist")
            command = ["npx", "cdk", "synth", "--quiet", "-c", "env=example", "-c", f"dist={dist}"]
            environment = {"PATH": os.environ["PATH"], "HOME": directory, "CDK_DISABLE_CLI_TELEMETRY": "true"}
            environment |= dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), NOWHERE)
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            assembly = Path(directory) / "cdk.out"
            ended = subprocess.run(
                [*command, "--output", str(assembly)],
                cwd=CDK,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            self.assertEqual(ended.returncode, 0, ended.stderr)
            self.assertTrue((assembly / "redshift-tenant-migration-example.template.json").exists())
        # Of a processor: what else runs on this machine does not count.
        self.assertLess(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, MOST_SECONDS)


if __name__ == "__main__":
    unittest.main()

"""The launcher as a Spark job, in Spark's local mode: four executors' worth of threads, one Python worker each."""

import json
import os
import subprocess
import unittest

from launching import LAUNCHER, WithLauncher

# Which of its ends the executable has; `--FAN_OUT` is the question for the judgement.
ITEM = "#!/bin/sh\nfor last; do :; done\ncase $last in\n{cases}\nesac\n"


class FanOut(WithLauncher):
    def fan_out(self, cases: str, items: int, *arguments: str) -> subprocess.CompletedProcess:
        """Runs the launcher over that many items; `cases` says in sh how the executable ends for each."""
        own = self.put(ITEM.format(cases=cases))
        lists = [{"format": 1, "tables": f"s3://b/items/{number}.json"} for number in range(items)]
        self.s3.put_object(Bucket=self.bucket, Key="tables.json", Body=json.dumps(lists))
        tables = ["--FAN_OUT", f"s3://{self.bucket}/tables.json"]
        command = [os.environ["SPARK_PYTHON"], LAUNCHER, *own, *tables, "--RUN_ID", "r", *arguments]
        spark = {
            "PYSPARK_PYTHON": command[0],
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYSPARK_SUBMIT_ARGS": "--master local[4] --conf spark.ui.enabled=false pyspark-shell",
        }
        return subprocess.run(
            command, env=self.environment() | spark, capture_output=True, text=True, check=False, timeout=300
        )

    def test_every_item_has_its_run_with_the_jobs_arguments_and_credentials_by_a_token(self):
        marks = self.directory / "marks"
        marks.mkdir()
        way = "$AWS_CONTAINER_CREDENTIALS_FULL_URI $AWS_CONTAINER_AUTHORIZATION_TOKEN"
        ended = self.fan_out(f'*/tables.json);; *) echo "$@" {way} >{marks}/$(basename $last);;', 6)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        found = {file.name: file.read_text().split() for file in marks.iterdir()}
        expected = {
            f"{number}.json": ["--RUN_ID", "r", "--TABLES", f"s3://b/items/{number}.json"] for number in range(6)
        }
        self.assertEqual({name: words[:4] for name, words in found.items()}, expected)
        self.assertEqual(len({words[-1] for words in found.values()}), 6)
        self.assertTrue(all(words[-2].startswith("http://127.0.0.1:") for words in found.values()))

    def test_the_executable_judges_by_all_ends(self):
        judge = '*/tables.json) cat; echo; echo "judged $*" >&2; exit 5;;'
        cases = f"{judge} *1.json) echo 'cause: remedy' >&2; exit 3;; *2.json) kill -9 $$;;"
        ended = self.fan_out(cases, 3, "--STRICT", "false")
        self.assertEqual(ended.returncode, 5, ended.stderr)
        (told,) = [line for line in ended.stdout.splitlines() if line.startswith("[")]
        ends = [(0, ""), (3, "cause: remedy"), (137, "")]
        expected = [
            {"tables": f"s3://b/items/{number}.json", "status": status, "line": line}
            for number, (status, line) in enumerate(ends)
        ]
        self.assertEqual(json.loads(told), expected)
        words = f"judged --RUN_ID r --STRICT false --FAN_OUT s3://{self.bucket}/tables.json"
        self.assertEqual(ended.stderr.splitlines()[-1], words)

    def test_a_list_without_items_is_judged_too(self):
        ended = self.fan_out("*/tables.json) echo judged; cat;;", 0)
        self.assertEqual((ended.returncode, ended.stdout.split()), (0, ["judged", "[]"]), ended.stderr)


if __name__ == "__main__":
    unittest.main()

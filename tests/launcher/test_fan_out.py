"""The launcher as a Spark job, in Spark's local mode: four executors' worth of threads, one Python worker each."""

import json
import os
import subprocess
import unittest

from launching import LAUNCHER, WithLauncher

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

    def test_every_item_has_its_run_with_the_jobs_arguments(self):
        marks = self.directory / "marks"
        marks.mkdir()
        ended = self.fan_out(f'*) echo "$@" >{marks}/$(basename $last);;', 6)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        found = {file.name: file.read_text() for file in marks.iterdir()}
        expected = {f"{number}.json": f"--RUN_ID r --TABLES s3://b/items/{number}.json\n" for number in range(6)}
        self.assertEqual(found, expected)

    def test_it_ends_as_one_executable_for_all_tables_would(self):
        one = "*1.json) echo 'cause: remedy' >&2; exit 1;;"
        some = self.fan_out(one, 3)
        self.assertEqual(some.returncode, 0, some.stderr)
        self.assertIn("s3://b/items/1.json: exit status 1 cause: remedy", some.stdout)
        strict = self.fan_out(one, 3, "--STRICT", "true")
        self.assertEqual((strict.returncode, strict.stderr.splitlines()[-1]), (1, "cause: remedy"))
        none = self.fan_out("*) echo 'no way: try later' >&2; exit 3;;", 3)
        self.assertEqual((none.returncode, none.stderr.splitlines()[-1]), (3, "no way: try later"))


if __name__ == "__main__":
    unittest.main()
